/** The worker of a learner: opened when it is needed, ended when it had nothing to do for a while. */
import { GradcastError } from "../../shared/errors.ts";
import type { Clock } from "../clock/mod.ts";
import type { HeadWorker } from "../heads/mod.ts";

/** A worker that had nothing to do for so long is ended, so that its memory is free, in ms. */
const IDLE_MS = 10_000;

/** A worker that comes and goes. */
export class IdleWorker {
  readonly #clock: Clock;
  readonly #open: () => HeadWorker;
  #worker: HeadWorker | null = null;
  #cancel = () => {};
  #closed = false;

  constructor(clock: Clock, open: () => HeadWorker) {
    this.#clock = clock;
    this.#open = open;
  }

  /**
   * The worker of now.
   *
   * @throws GradcastError `server-closing` after {@link close}: nobody would end it
   */
  get(): HeadWorker {
    if (this.#closed) throw closed();
    return this.#worker ??= this.#open();
  }

  /** There is nothing to do from now on. */
  rest(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(IDLE_MS, () => this.#end());
  }

  /** There is something to do. */
  wake(): void {
    this.#cancel();
  }

  /** Ends it with its job, and opens no other one. */
  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#end();
  }

  #end(): void {
    this.#worker?.close();
    this.#worker = null;
  }
}

/** Said to whoever comes after the end. */
export function closed(): GradcastError {
  return new GradcastError("server-closing", "Cannot learn: the collection was closed");
}
