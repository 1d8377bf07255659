/** Entry of the worker that reads one table. */
/// <reference lib="deno.worker" />
import { packError } from "../../shared/packed_error.ts";
import type { FromReadWorker, ToReadWorker } from "./read_beside.ts";
import { readTable } from "./read_table.ts";

/** What reading fails with that the worker's code threw. */
const UNEXPECTED = { code: "server-fault", message: "Cannot read the table: its worker failed" } as const;

self.onmessage = ({ data: { bytes, name } }: MessageEvent<ToReadWorker>) => {
  try {
    const table = readTable(bytes, name);
    const lists = table.columns.map((column) => column.kind === "number" ? column.numbers : column.places);
    say({ kind: "done", table }, lists.map(({ buffer }) => buffer));
  } catch (error) {
    say({ kind: "failed", error: packError(error, UNEXPECTED) }, []);
  }
};

function say(message: FromReadWorker, handedOver: Transferable[]): void {
  self.postMessage(message, handedOver);
}
