/** The last resort: an error that nothing handled is logged and counted, and the server lives on. */
import type { Logger } from "../logger/mod.ts";
import type { Health, HealthSource } from "./source.ts";

/** The server counts as degraded for this long after such an error, in ms. */
const REMEMBERED_MS = 60_000;

/** What {@link UnhandledErrors} work with. */
export interface UnhandledParts {
  readonly logger: Logger;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Errors that nothing handled, as a part that `/healthz` asks. */
export class UnhandledErrors implements HealthSource, Disposable {
  readonly name = "unhandled";
  readonly #parts: UnhandledParts;
  #count = 0;
  #lastMs = -Infinity;
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
    this.#parts.logger.log("error", kind, { error });
  }

  health(): Health {
    const figures = { count: this.#count };
    return this.#parts.now() - this.#lastMs < REMEMBERED_MS
      ? { ok: false, reason: "unhandled-error", figures }
      : { ok: true, figures };
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }
}
