/** Entry of the worker that holds the decision log's file. */
/// <reference lib="deno.worker" />
import type { LogTable } from "./log_store.ts";
import type { FromLog, ToLog } from "./log_worker.ts";
import { SqliteLog } from "./sqlite_log.ts";

let log: LogTable | null = null;

self.onmessage = ({ data }: MessageEvent<ToLog>) => {
  try {
    switch (data.kind) {
      case "open":
        log = new SqliteLog(data.path, data.bounds);
        return say({ call: 0 });
      case "call": {
        const method = log?.[data.name] as ((...values: unknown[]) => unknown) | undefined;
        return say({ call: data.call, result: method?.apply(log, data.values) });
      }
      default:
        data satisfies never;
    }
  } catch (error) {
    const call = data.kind === "open" ? 0 : data.call;
    say({ call, error: error instanceof Error ? error.message : String(error) });
  }
};

function say(message: FromLog): void {
  self.postMessage(message);
}
