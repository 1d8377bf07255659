/** What every command touches outside the process: terminal, files, time, and the wish for an end. */
import { resolve } from "node:path";
import { callersFolder, environment, write } from "./_terminal.ts";
import { writeWhole } from "./_write_whole.ts";

/** The world as every command sees it. */
export interface BasicIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes a file whole or not at all. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Monotonic time, in ms. */
  now(): number;
  /** Aborted when the person asks for an end. */
  readonly interrupted: AbortSignal;
  readonly terminal: {
    /** True where a person watches stderr. */
    readonly watched: boolean;
    /** True where stdout is a terminal that shows colours. */
    readonly colour: boolean;
  };
}

/** The real world. */
export function basicIo(interrupted: AbortSignal): BasicIo {
  const folder = callersFolder();
  return {
    stdout: (text) => write(Deno.stdout, text),
    stderr: (text) => write(Deno.stderr, text),
    readFile: (path) => Deno.readFile(resolve(folder, path)),
    writeFile: (path, bytes) => writeWhole(resolve(folder, path), bytes),
    now: () => performance.now(),
    interrupted,
    terminal: {
      watched: Deno.stderr.isTerminal(),
      colour: Deno.stdout.isTerminal() && (environment("NO_COLOR") ?? "") === "",
    },
  };
}
