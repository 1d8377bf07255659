/** Errors that come over and over fill neither the terminal nor a disk. */
import { errorText } from "./error_text.ts";
import type { LogFields, Logger, LogLevel } from "./logger.ts";

/** One message is written at most once in this time, in ms, with how often it came meanwhile. */
const REPEAT_MS = 1_000;

/** Different messages written in that time; those beyond are counted together. */
const MOST_MESSAGES = 10;

/** What messages beyond the limit are counted as. */
const OTHERS = "other errors";

/** What of a clock is needed. */
export interface RepeatClock {
  /** Calls back after `ms`; the result takes that back. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** What was seen of one message since its line was written. */
interface Seen {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  repeats: number;
}

/** Hands on each error once a second at most; lines without an error pass as they come. */
export class RepeatLimit implements Logger, Disposable {
  readonly #logger: Logger;
  readonly #clock: RepeatClock;
  readonly #seen = new Map<string, Seen>();
  #takeBack: (() => void) | null = null;

  constructor(logger: Logger, clock: RepeatClock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!("error" in fields)) return this.#logger.log(level, message, fields);
    const text = `${message}: ${errorText(fields.error)}`;
    const key = this.#seen.has(text) || this.#seen.size < MOST_MESSAGES ? text : OTHERS;
    const seen = this.#seen.get(key);
    if (seen !== undefined) seen.repeats++;
    else if (key === OTHERS) this.#seen.set(key, { level, message: OTHERS, fields: {}, repeats: 1 });
    else {
      this.#seen.set(key, { level, message, fields, repeats: 0 });
      this.#logger.log(level, message, fields);
    }
    this.#takeBack ??= this.#clock.after(REPEAT_MS, () => this.#logRepeats());
  }

  /** Forgets what was seen. */
  [Symbol.dispose](): void {
    this.#takeBack?.();
    this.#takeBack = null;
    this.#seen.clear();
  }

  #logRepeats(): void {
    this.#takeBack = null;
    const repeated = [...this.#seen.values()].filter(({ repeats }) => repeats > 0);
    this.#seen.clear();
    for (const { level, message, fields, repeats } of repeated) {
      this.#logger.log(level, message, { ...fields, repeats });
    }
  }
}
