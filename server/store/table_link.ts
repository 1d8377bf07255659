/** A table beside the event loop: SQLite waits for the disk, and for other programs' locks, in a worker of its own. */
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import { type PackedError, unpackError } from "../../shared/packed_error.ts";

/** A table of which a worker holds the file: synchronous there, awaited here. */
export type Linked<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Result>
    : never;
};

/** What the worker receives: once how to open the table, then calls by name. */
export type ToTable =
  | { readonly kind: "open"; readonly options: unknown }
  | { readonly kind: "call"; readonly call: number; readonly name: string; readonly values: unknown[] };

/** What the worker answers; call 0 is the opening. */
export type FromTable =
  | { readonly call: number; readonly result: unknown }
  /** The wire's error, or what another one said. */
  | { readonly call: number; readonly error: PackedError | string };

/** What a link is made of. */
export interface LinkParts<Table> {
  /** The worker's entry: it calls `serveTable()`. */
  readonly entry: URL;
  /** What errors call the table: "log", "clips". */
  readonly name: string;
  /** What the entry's `open` receives. */
  readonly options: unknown;
  /** The table's calls, `close` aside. */
  readonly calls: readonly Exclude<keyof Table & string, "close">[];
}

/** What can be closed, as every table can. */
interface Closable {
  close(): void;
}

/**
 * Opens a table in a worker; calls are carried out in their order. `close()` ends the worker.
 *
 * @throws GradcastError where the disk is the reason; else RangeError
 */
export async function linkTable<Table extends Closable>(
  { entry, name, options, calls }: LinkParts<Table>,
): Promise<Linked<Table>> {
  const worker = new Worker(entry, { type: "module", name: `gradcast-${name}` });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  /** Why no call can be answered any more, or null. */
  let ended: Error | null = null;

  function end(reason: string, code: ErrorCode, options?: ErrorOptions): void {
    ended ??= new GradcastError(code, `Cannot use the ${name}: ${reason}`, options);
    worker.terminate();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  worker.onmessage = ({ data }: MessageEvent<FromTable>) => {
    const call = waiting.get(data.call);
    waiting.delete(data.call);
    if ("error" in data) {
      call?.reject(typeof data.error === "string" ? new RangeError(data.error) : unpackError(data.error));
    } else call?.resolve(data.result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(`its worker died: ${event.message}`, "data-unusable", { cause: event.message });
  };
  worker.onmessageerror = () => end("its worker sent a message that cannot be read", "data-unusable");

  function post(call: number, message: ToTable): Promise<unknown> {
    if (ended !== null) return Promise.reject(ended);
    const answer = Promise.withResolvers<unknown>();
    waiting.set(call, answer);
    try {
      worker.postMessage(message);
    } catch (error) {
      // What cannot be copied fails alone.
      waiting.delete(call);
      answer.reject(error);
    }
    return answer.promise;
  }

  const callOf = (name: string) => (...values: unknown[]) => {
    const call = ++last;
    return post(call, { kind: "call", call, name, values });
  };

  try {
    await post(0, { kind: "open", options });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const close = callOf("close");
  const linked = {
    ...Object.fromEntries(calls.map((name) => [name, callOf(name)])),
    async close() {
      if (ended === null) await close().finally(() => end("it is closed", "server-closing"));
    },
  };
  // The names are the table's own; `calls` is all of them but `close`.
  return linked as Linked<Table>;
}
