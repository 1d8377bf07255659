/** What all requests over HTTP share: refusals, lines of JSON, and words for what went wrong. */
import * as v from "valibot";

/** A refusal in words for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The server's code for it; empty where it is not known. */
  readonly code: string;
  /** The server's own sentence, which names what was expected and what came; empty where there is none. */
  readonly detail: string;
  /** Each thing that does not fit, where the server names several. */
  readonly items: readonly string[];

  constructor(words: string, code = "", detail = "", items: readonly string[] = []) {
    super(words);
    this.code = code;
    this.detail = detail;
    this.items = items;
  }
}

const RefusalSchema = v.object({
  code: v.string(),
  message: v.string(),
  words: v.string(),
  items: v.optional(v.array(v.string()), []),
});

/**
 * Lets a good answer through.
 *
 * @throws Refusal with the server's words
 */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const refusal = v.safeParse(RefusalSchema, await response.json());
  if (refusal.success) {
    const { words, code, message, items } = refusal.output;
    throw new Refusal(words, code, message === words ? "" : message, items);
  }
  throw new Refusal(
    `The server answered with status ${response.status}. Try again; the cause stands in the server’s log.`,
  );
}

/** Returns what went wrong, and what to do, in words for people. */
export function problemWords(error: unknown): string {
  return error instanceof Refusal
    ? error.message
    : "The server could not be reached. Check that it runs, then try again.";
}
