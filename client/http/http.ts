/** What views ask the server over HTTP. */
import * as v from "valibot";

/** A refusal in words for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

const RefusalSchema = v.object({ message: v.string(), words: v.string() });

/**
 * Lets a good answer through.
 *
 * @throws Refusal with the server's words
 */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const refusal = v.safeParse(RefusalSchema, await response.json());
  throw new Refusal(
    refusal.success ? refusal.output.words : `The server answered with status ${response.status}.`,
  );
}

/** The lines of JSON of an answer, as they come. */
export async function* jsonLines({ body }: Response): AsyncGenerator<unknown, void, undefined> {
  let rest = "";
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/** What went wrong, in words for people. */
export function problemWords(error: unknown): string {
  return error instanceof Refusal ? error.message : "The server could not be reached.";
}
