/** The last resort: an error that nothing handled is written down and counted, and the server lives on. */
import { printable } from "../../shared/printable.ts";
import type { Health, HealthSource } from "./source.ts";

/** One message is written at most once in this time, in ms, with how often it came meanwhile. */
const REPEAT_MS = 1_000;

/** Different messages written in that time; those beyond are counted together. */
const MOST_MESSAGES = 10;

/** The server counts as degraded for this long after such an error, in ms. */
const REMEMBERED_MS = 60_000;

/** Lines of a stack that are written. */
const STACK_LINES = 12;

/** What messages beyond the limit are counted as. */
const OTHERS = "other errors";

/** Characters of an error that are written. */
const MOST_CHARS = 2_000;

/** What {@link UnhandledErrors} work with. */
export interface UnhandledParts {
  /** Writes one line. */
  readonly write: (line: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back after `ms`; the result takes that back. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Time of day, in ms since 1970. */
  readonly date: () => number;
}

/** What was seen of one message since its line was written. */
interface Seen {
  repeats: number;
}

/** Errors that nothing handled, as a part that `/healthz` asks. */
export class UnhandledErrors implements HealthSource, Disposable {
  readonly name = "unhandled";
  readonly #parts: UnhandledParts;
  readonly #seen = new Map<string, Seen>();
  #count = 0;
  #lastMs = -Infinity;
  #takeBack: (() => void) | null = null;
  readonly #end = new AbortController();

  constructor(parts: UnhandledParts) {
    this.#parts = parts;
  }

  /** Handles what nothing else handles in the isolate of this global scope, until it is disposed of. */
  listen(scope: EventTarget): void {
    const { signal } = this.#end;
    scope.addEventListener("error", (event) => {
      event.preventDefault();
      const { error, message } = event as ErrorEvent;
      this.note("Unhandled error", error ?? message);
    }, { signal });
    scope.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      this.note("Unhandled rejection", (event as PromiseRejectionEvent).reason);
    }, { signal });
  }

  /** Takes an error that nothing handled. */
  note(kind: string, error: unknown): void {
    this.#count++;
    this.#lastMs = this.#parts.now();
    const text = `${kind}: ${textOf(error)}`;
    const key = this.#seen.has(text) || this.#seen.size < MOST_MESSAGES ? text : OTHERS;
    const seen = this.#seen.get(key);
    if (seen !== undefined) seen.repeats++;
    else this.#seen.set(key, { repeats: key === OTHERS ? 1 : 0 });
    if (seen === undefined && key !== OTHERS) this.#write(text);
    this.#takeBack ??= this.#parts.after(REPEAT_MS, () => this.#writeRepeats());
  }

  health(): Health {
    const figures = { count: this.#count };
    return this.#parts.now() - this.#lastMs < REMEMBERED_MS
      ? { ok: false, reason: "unhandled-error", figures }
      : { ok: true, figures };
  }

  [Symbol.dispose](): void {
    this.#end.abort();
    this.#takeBack?.();
    this.#takeBack = null;
  }

  #writeRepeats(): void {
    this.#takeBack = null;
    const repeated = [...this.#seen].filter(([, { repeats }]) => repeats > 0);
    this.#seen.clear();
    for (const [text, { repeats }] of repeated) this.#write(`${text} (${repeats} more)`);
  }

  #write(text: string): void {
    try {
      this.#parts.write(`${new Date(this.#parts.date()).toISOString()} ${text}`);
    } catch {
      // Nobody reads the output any more: an error thrown here would come back here.
    }
  }
}

/** An error with its stack on one line. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.stack ?? `${error.name}: ${error.message}` : wordOf(error);
  const lines = text.split("\n", STACK_LINES).map((line) => line.trim()).join(" | ");
  return printable(lines.slice(0, MOST_CHARS));
}

function wordOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `a value without a text, of type ${typeof value}`;
  }
}
