/** The store of clips on the disk: rows in SQLite, files in a folder beside them. */
import { join } from "node:path";
import type { ClipBounds, ClipRows, ClipStore, ClipTable } from "./clip_store.ts";
import { orStoreFailure } from "./failures.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { setAside } from "./_set_aside.ts";
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
