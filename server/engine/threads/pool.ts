/** The workers that the glue code runs its threads in. */
import type { GlueWorker } from "./package.ts";
import type { PthreadMessage } from "./pthread_message.ts";

/** Most threads that the package's build can run: it starts this many pthreads, whatever the number of threads. */
export const MAX_THREADS = 8;

/** A pool of pthreads. */
export interface PthreadPool {
  /** What the glue code takes for the host's `Worker`. */
  readonly Worker: new (url: string) => GlueWorker;
  /** Ends every thread. */
  terminate(): void;
}

/**
 * Makes a pool for `threads` threads, the caller's own included.
 *
 * The glue code starts `MAX_THREADS` workers and takes the last ones first. Only those that get a thread become
 * Deno workers; the spare ones say that they are loaded and stay what they are, which saves their start and
 * their memory.
 */
export function createPool(threads: number, onError: (error: ErrorEvent) => void): PthreadPool {
  const spares = MAX_THREADS - (threads - 1);
  const workers = new Set<Worker>();
  let made = 0;

  const start = () => {
    const worker = new Worker(new URL("./pthread.ts", import.meta.url), { type: "module", name: "pthread" });
    worker.onerror = (event) => {
      event.preventDefault();
      onError(event);
    };
    workers.add(worker);
    return worker;
  };

  class Pthread implements GlueWorker {
    onmessage: GlueWorker["onmessage"] = null;
    onerror: GlueWorker["onerror"] = null;
    readonly #worker: Worker | null;

    constructor() {
      this.#worker = made++ < spares ? null : start();
      if (this.#worker !== null) this.#worker.onmessage = (event) => this.onmessage?.(event);
    }

    postMessage(message: PthreadMessage): void {
      if (this.#worker !== null) return this.#worker.postMessage(message);
      if (message.cmd === "load") queueMicrotask(() => this.onmessage?.({ data: { cmd: "loaded" } }));
      else if (message.cmd === "run") {
        throw new Error(`Cannot run another thread: expected at most ${threads}`);
      }
    }

    terminate(): void {
      this.#worker?.terminate();
    }
  }

  return { Worker: Pthread, terminate: () => workers.forEach((worker) => worker.terminate()) };
}
