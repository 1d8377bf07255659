/** Reads a table in a worker of its own: a large file takes longer than viewers' frames may wait for the event loop. */
import { GradcastError } from "../../shared/errors.ts";
import { type PackedError, unpackError } from "../../shared/packed_error.ts";
import type { Table } from "./table.ts";

/** What the worker receives. */
export interface ToReadWorker {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
}

/** What the worker says. */
export type FromReadWorker =
  | { readonly kind: "done"; readonly table: Table }
  | { readonly kind: "failed"; readonly error: PackedError };

/**
 * Reads a table.
 *
 * @param bytes handed over to the worker: they are gone afterwards
 * @throws GradcastError as `readTable()` does, or `server-fault` where the worker died; or the signal's reason
 */
export async function readTableBeside(sent: ToReadWorker, signal: AbortSignal): Promise<Table> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./_read_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-table",
  });
  const ended = Promise.withResolvers<Table>();
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.onerror = (event) => {
    event.preventDefault();
    const reason = `Cannot read the table: its worker died: ${event.message}`;
    ended.reject(new GradcastError("server-fault", reason, { cause: event.message }));
  };
  worker.onmessage = ({ data }: MessageEvent<FromReadWorker>) => {
    if (data.kind === "done") ended.resolve(data.table);
    else ended.reject(unpackError(data.error));
  };
  try {
    worker.postMessage(sent, [sent.bytes.buffer]);
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}
