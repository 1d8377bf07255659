/** The store of clips on the disk: rows in SQLite, files in a folder beside them. */
import { join } from "node:path";
import type { ClipBounds, ClipRows, ClipStore, ClipTable } from "./clip_store.ts";
import { orStoreFailure } from "./failures.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { linkTable } from "./table_link.ts";

/**
 * Opens the clips of a data folder; `onNote` is called with what somebody has to know.
 *
 * @throws GradcastError where the disk is the reason, RangeError as `openDatabase` does
 */
export function openClipStore(
  data: string,
  bounds: ClipBounds,
  onNote: (text: string) => void = () => {},
): Promise<ClipStore> {
  return orStoreFailure("open the clips", async () => {
    const [path, folder] = [join(data, "clips.sqlite"), join(data, "clips")];
    const aside = await setAside(path, folder);
    if (aside !== null) {
      onNote(`The clips begin again, as ${path} is gone. Their files are still there, in ${aside}.`);
    }
    const files = await openFolder(folder);
    const rows = await openClipRows(path, bounds);
    try {
      return await createClipStore(rows, files);
    } catch (error) {
      await rows.close();
      throw error;
    }
  });
}

/**
 * Files whose rows are gone belong to nobody any more, and would be deleted: they are kept in a folder of another name,
 * which is returned; null where there is nothing to keep.
 */
async function setAside(path: string, folder: string): Promise<string | null> {
  if (await exists(path) || !await exists(folder)) return null;
  if ((await Array.fromAsync(Deno.readDir(folder))).length === 0) return null;
  for (let number = 1;; number++) {
    const aside = `${folder}-set-aside-${number}`;
    if (await exists(aside)) continue;
    await Deno.rename(folder, aside);
    return aside;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Opens the rows in a worker of their own. */
function openClipRows(path: string, bounds: ClipBounds): Promise<ClipRows> {
  return linkTable<ClipTable>({
    entry: new URL("./_clip_worker.ts", import.meta.url),
    name: "clips",
    options: { path, bounds },
    calls: [
      ...["announce", "get", "thumbnail", "ids", "list", "trash", "makeRoom", "receive", "finish"] as const,
      ...["edit", "remove", "restore", "ageOut", "emptyTrash", "erase", "tick"] as const,
    ],
  });
}
