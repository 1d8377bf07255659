/** The worker's side of `linkTable()`. */
/// <reference lib="deno.worker" />
import { GradcastError } from "../../shared/errors.ts";
import { packError } from "../../shared/packed_error.ts";
import { messageOf, storeFailure } from "./failures.ts";
import type { FromTable, ToTable } from "./table_link.ts";

/** A table that lies in a file. */
export interface FileTable {
  /** Methods by name. */
  readonly calls: ReadonlyMap<string, (...values: never[]) => unknown>;
  /** Path of the table's file; `:memory:` where there is none. */
  readonly path: string;
}

/** Answers calls in their order; `name` is what errors call the table. */
export function serveTable(name: string, open: (options: never) => FileTable): void {
  let table: FileTable | null = null;
  let identity: string | null = null;

  /** A file that was deleted takes writes all the same, and loses them. */
  function checkFile(path: string): void {
    const now = identityOf(path);
    identity ??= now;
    if (now === identity) return;
    throw new GradcastError(
      "data-gone",
      `Cannot use the ${name}: ${path} was deleted or replaced while the server was running`,
    );
  }

  function answer(data: ToTable): unknown {
    switch (data.kind) {
      case "open":
        table = open(data.options as never);
        checkFile(table.path);
        return null;
      case "call": {
        const method = table?.calls.get(data.name);
        if (table === null || method === undefined) {
          throw new TypeError(`Cannot use the ${name}: it has no call '${data.name}'`);
        }
        const result = method(...data.values as never[]);
        if (data.name !== "close") checkFile(table.path);
        return result;
      }
      default: {
        const never: never = data;
        throw new TypeError(`Cannot use the ${name}: '${never}' is no message`);
      }
    }
  }

  self.onmessage = ({ data }: MessageEvent<ToTable>) => {
    const call = data.kind === "open" ? 0 : data.call;
    try {
      say({ call, result: answer(data) });
    } catch (thrown) {
      const error = storeFailure(thrown, `use the ${name}`);
      say({ call, error: error instanceof GradcastError ? packError(error, error) : messageOf(error) });
    }
  };
}

function identityOf(path: string): string {
  if (path === ":memory:") return path;
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "nowhere";
    throw error;
  }
}

function say(message: FromTable): void {
  self.postMessage(message);
}
