/** The store of clips on the disk: rows in SQLite, files in a folder beside them. */
import { join } from "node:path";
import type { ClipBounds, ClipRows, ClipStore, ClipTable } from "./clip_store.ts";
import { orStoreFailure } from "./failures.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { asRows, memoryClipFiles, memoryClipTable } from "./memory_clips.ts";
import { linkTable } from "./table_link.ts";

/**
 * Opens the clips of a data folder; `now` is the time in ms since 1970, by default the system's.
 *
 * @throws GradcastError where the disk is the reason, RangeError as `openDatabase` does
 */
export function openClipStore(
  data: string,
  bounds: ClipBounds,
  now: () => number = Date.now,
): Promise<ClipStore> {
  return orStoreFailure("open the clips", async () => {
    const files = await openFolder(join(data, "clips"));
    const rows = await openClipRows(join(data, "clips.sqlite"));
    try {
      return await createClipStore({ rows, files, bounds, now });
    } catch (error) {
      await rows.close();
      throw error;
    }
  });
}

/** Opens the rows in a worker of their own. */
function openClipRows(path: string): Promise<ClipRows> {
  return linkTable<ClipTable>({
    entry: new URL("./_clip_worker.ts", import.meta.url),
    name: "clips",
    options: path,
    calls: ["all", "get", "thumbnail", "insert", "change", "delete"],
  });
}

/** Makes an empty store that ends with the process. */
export function openMemoryClips(bounds: ClipBounds, now: () => number = Date.now): Promise<ClipStore> {
  return createClipStore({ rows: asRows(memoryClipTable()), files: memoryClipFiles(), bounds, now });
}
