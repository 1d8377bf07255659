/** Entry of the worker that holds the decision log's file. */
import { serveTable } from "./_table_server.ts";
import { LOG_CALLS } from "./log_store.ts";
import type { LogFile } from "./log_worker.ts";
import { SqliteLog } from "./sqlite_log.ts";

serveTable("log", ({ path, bounds }: LogFile) => {
  const log = new SqliteLog(path, bounds);
  const callOf = (name: typeof LOG_CALLS[number] | "close") => {
    const method = log[name] as (...values: unknown[]) => unknown;
    return [name, (...values: unknown[]) => method.apply(log, values)] as const;
  };
  return { path, calls: new Map([...LOG_CALLS.map(callOf), callOf("close")]) };
});
