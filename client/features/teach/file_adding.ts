/** Adds the pictures of files to classes: read one after another, so that a thousand photos are never in memory at once. */
import { MAX_WAITING } from "./collector.ts";
import type { ClassFiles } from "./picture_files.ts";
import type { NewPictures } from "./server.ts";
import type { Adding } from "./teach_state.ts";

/** Time after which it is looked again whether there is room for the next picture, in ms. */
const ROOM_MS = 50;

/** What adding needs. */
export interface FileAddingPorts {
  /** A file's picture, or null where there is none in it. */
  readonly read: (file: File) => Promise<Blob | null>;
  /** The key of the class of a name; one that is not there is added. */
  readonly classNamed: (name: string) => Promise<string>;
  /** Pictures that are not sent yet. */
  readonly waiting: () => number;
  readonly add: (added: NewPictures) => void;
  readonly onProgress: (adding: Adding) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What pictures that lay in no folder are called where no class is chosen for them. */
const LOOSE = "pictures";

/**
 * Adds pictures of folders to classes of their names, and the others to `classKey`, until all are there or the signal comes;
 * returns the names of files in which the browser found no picture.
 */
export async function addFiles(
  classes: readonly ClassFiles[],
  classKey: string | null,
  ports: FileAddingPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const of = classes.reduce((sum, { files }) => sum + files.length, 0);
  const unread: string[] = [];
  let done = 0;
  for (const { name, files } of classes) {
    const key = name === null && classKey !== null ? classKey : await ports.classNamed(name ?? LOOSE);
    for (const file of files) {
      while (ports.waiting() >= MAX_WAITING && !signal.aborted) await ports.pause(ROOM_MS, signal);
      if (signal.aborted) return unread;
      const picture = await ports.read(file);
      if (picture === null) unread.push(file.name);
      else ports.add({ classKey: key, hold: 0, pictures: [picture] });
      ports.onProgress({ done: ++done, of });
    }
  }
  return unread;
}
