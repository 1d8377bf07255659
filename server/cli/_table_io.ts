/** The world as `explain-table` sees it; tests have their own. */
import { resolve } from "node:path";
import { type BasicIo, basicIo } from "./_basic_io.ts";
import { callersFolder } from "./_terminal.ts";

/** Everything outside the process that the command touches. */
export interface TableIo extends BasicIo {
  /** Bytes of a file. */
  sizeOf(path: string): Promise<number>;
}

/** The real world. */
export function processTableIo(interrupted: AbortSignal): TableIo {
  const folder = callersFolder();
  return {
    ...basicIo(interrupted),
    sizeOf: async (path) => (await Deno.stat(resolve(folder, path))).size,
  };
}
