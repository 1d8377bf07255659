/** What became of the frames and pictures that were sent: counts for `/healthz`. */
import type { ErrorCode } from "../../shared/errors.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { Health, HealthSource } from "../health/mod.ts";

/** The server counts as degraded for this long after work was lost to a failure, in ms. */
const REMEMBERED_MS = 60_000;

/** Errors by which the server fails, not the one who asked. */
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["engine-failed", "server-fault"]);

/** Counts of answers. */
export class Tally implements HealthSource {
  readonly name = "answers";
  readonly #now: () => number;
  #results = 0;
  #superseded = 0;
  #slow = 0;
  #refused = 0;
  #failed = 0;
  #failedMs = -Infinity;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A viewer was sent a message. */
  sent(message: ServerMessage): void {
    if (message.type === "result") this.#results++;
    else if (message.type === "dropped") this.#drop(message.cause);
    else if (message.type === "error" && message.frame !== null) this.error(message.code);
  }

  /** A frame or a picture was answered with an error. */
  error(code: ErrorCode): void {
    if (!FAILURES.has(code)) {
      this.#refused++;
      return;
    }
    this.#failed++;
    this.#failedMs = this.#now();
  }

  health(): Health {
    const figures = {
      results: this.#results,
      superseded: this.#superseded,
      slow: this.#slow,
      refused: this.#refused,
      failed: this.#failed,
    };
    return this.#now() - this.#failedMs < REMEMBERED_MS
      ? { ok: false, reason: "work-failed", figures }
      : { ok: true, figures };
  }

  #drop(cause: Extract<ServerMessage, { type: "dropped" }>["cause"]): void {
    switch (cause) {
      case "superseded":
        this.#superseded++;
        return;
      case "slow":
        this.#slow++;
        return;
      default:
        cause satisfies never;
    }
  }
}
