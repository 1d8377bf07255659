/** The decision log beside the event loop: SQLite waits for the disk in a worker of its own. */
import { orStoreFailure } from "./failures.ts";
import { LOG_CALLS, type LogBounds, type LogStore, type LogTable } from "./log_store.ts";
import { linkTable } from "./table_link.ts";

/** What the worker opens. */
export interface LogFile {
  readonly path: string;
  readonly bounds: LogBounds;
}

/**
 * Opens the log of a file; calls are carried out in their order.
 *
 * @throws GradcastError where the disk is the reason, RangeError as `openDatabase` does
 */
export function openLogStore(path: string, bounds: LogBounds): Promise<LogStore> {
  const options: LogFile = { path, bounds };
  const entry = new URL("./_log_worker.ts", import.meta.url);
  return orStoreFailure(
    "open the log",
    () => linkTable<LogTable>({ entry, name: "log", options, calls: LOG_CALLS }),
  );
}
