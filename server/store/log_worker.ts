/** The decision log beside the event loop: SQLite waits for the disk in a worker of its own. */
import type { LogBounds, LogStore, LogTable } from "./log_store.ts";

/** What the worker is told: once where the file is, then calls by name. */
export type ToLog =
  | { readonly kind: "open"; readonly path: string; readonly bounds: LogBounds }
  | {
    readonly kind: "call";
    readonly call: number;
    readonly name: keyof LogTable;
    readonly values: unknown[];
  };

/** What the worker answers: `call` 0 is the opening. */
export interface FromLog {
  readonly call: number;
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * Opens the log; calls are carried out in their order.
 *
 * @throws RangeError where the file cannot be opened
 */
export async function openLogStore(path: string, bounds: LogBounds): Promise<LogStore> {
  const worker = new Worker(new URL("./_log_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-log",
  });
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  let number = 0;
  /** Why no call can be answered any more, or null. */
  let dead: Error | null = null;

  worker.onmessage = ({ data }: MessageEvent<FromLog>) => {
    const call = calls.get(data.call);
    calls.delete(data.call);
    if (data.error === undefined) call?.resolve(data.result);
    else call?.reject(new RangeError(data.error));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    dead = new Error(`Cannot use the log as its worker died: current value is ${event.message}`);
    for (const { reject } of calls.values()) reject(dead);
    calls.clear();
  };

  function ask(message: ToLog, call: number): Promise<unknown> {
    if (dead !== null) return Promise.reject(dead);
    const answer = Promise.withResolvers<unknown>();
    calls.set(call, answer);
    worker.postMessage(message);
    return answer.promise;
  }

  function call(name: keyof LogTable) {
    return (...values: unknown[]) => {
      const own = ++number;
      return ask({ kind: "call", call: own, name, values }, own);
    };
  }

  try {
    await ask({ kind: "open", path, bounds }, 0);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const close = call("close");
  return {
    append: call("append"),
    amend: call("amend"),
    list: call("list"),
    picture: call("picture"),
    remove: call("remove"),
    restore: call("restore"),
    trim: call("trim"),
    async close() {
      if (dead === null) await close();
      worker.terminate();
    },
  } as LogStore;
}
