/** The world as `explain-table` sees it; tests have their own. */
import { resolve } from "node:path";
import type { Io } from "./_io.ts";
import { callersFolder, environment, write } from "./_terminal.ts";
import { writeWhole } from "./_write_whole.ts";

/** Everything outside the process that the command touches. */
export interface TableIo
  extends Pick<Io, "stdout" | "stderr" | "readFile" | "writeFile" | "now" | "interrupted" | "terminal"> {
  /** Bytes of a file. */
  sizeOf(path: string): Promise<number>;
}

/** The real world. */
export function processTableIo(interrupted: AbortSignal): TableIo {
  const folder = callersFolder();
  const at = (path: string) => resolve(folder, path);
  return {
    stdout: (text) => write(Deno.stdout, text),
    stderr: (text) => write(Deno.stderr, text),
    readFile: (path) => Deno.readFile(at(path)),
    writeFile: (path, bytes) => writeWhole(at(path), bytes),
    sizeOf: async (path) => (await Deno.stat(at(path))).size,
    now: () => performance.now(),
    interrupted,
    terminal: {
      watched: Deno.stderr.isTerminal(),
      colour: Deno.stdout.isTerminal() && (environment("NO_COLOR") ?? "") === "",
    },
  };
}
