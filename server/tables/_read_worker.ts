/** Entry of the worker that reads one table. */
/// <reference lib="deno.worker" />
import { packError } from "../../shared/packed_error.ts";
import type { FromReadWorker, ToReadWorker } from "./read_beside.ts";
import { readTable } from "./read_table.ts";

/** What reading fails with that the worker's code threw. */
const UNEXPECTED = { code: "server-fault", message: "Cannot read the table: its worker failed" } as const;

self.onmessage = ({ data: { bytes, name } }: MessageEvent<ToReadWorker>) => {
  let message: FromReadWorker;
  try {
    message = { kind: "done", table: readTable(bytes, name) };
  } catch (error) {
    message = { kind: "failed", error: packError(error, UNEXPECTED) };
  }
  self.postMessage(message);
};
