/** The world as the command line sees it; tests have their own. */
import { basename, dirname, join, resolve } from "node:path";
import { describeModel, type Description, openEngine } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import { type BasicIo, basicIo } from "./_basic_io.ts";
import { callersFolder } from "./_terminal.ts";
import { type GrowingFile, openWhole } from "./_write_whole.ts";

/** Everything outside the process that the command touches. */
export interface Io extends BasicIo {
  /** Opens a file that is written in parts, whole or not at all. */
  openFile(path: string): Promise<GrowingFile>;
  /** Whole path of a file, for programs that read or write it themselves. */
  wholePath(path: string): string;
  /** Gives a file another name, in place of what has it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file where it is there. */
  remove(path: string): Promise<void>;
  /** Where a path leads once every link on it is followed, whether or not a file lies there. */
  realPath(path: string): Promise<string>;
  /** What lies at a path, or null. */
  kindOf(path: string): Promise<"file" | "folder" | null>;
  openEngine(options: { modelDir: string; threads?: number }): Promise<Engine>;
  /** Says what was understood of a model's files. */
  describeModel(path: string): Promise<Description>;
}

/** What the system says of a path at which nothing can be opened: a link may lead to itself. */
const NOTHING_THERE = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** The real world. */
export function processIo(interrupted: AbortSignal): Io {
  const folder = callersFolder();
  const at = (path: string) => resolve(folder, path);
  return {
    ...basicIo(interrupted),
    openFile: (path) => openWhole(at(path)),
    wholePath: at,
    rename: (from, to) => Deno.rename(at(from), at(to)),
    remove: (path) => Deno.remove(at(path)).catch(() => {}),
    realPath: (path) => realPath(at(path)),
    async kindOf(path) {
      try {
        return (await Deno.stat(at(path))).isDirectory ? "folder" : "file";
      } catch (error) {
        if (NOTHING_THERE.some((kind) => error instanceof kind)) return null;
        throw error;
      }
    },
    openEngine: ({ modelDir, ...rest }) => openEngine({ modelDir: at(modelDir), ...rest }),
    describeModel: (path) => describeModel(at(path)),
  };
}

/** Follows every link of a path; of one that leads nowhere, those of its folder. */
export async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    const folder = dirname(path);
    return join(await Deno.realPath(folder).catch(() => folder), basename(path));
  }
}
