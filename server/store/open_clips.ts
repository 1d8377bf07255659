/** The store of clips on the disk: rows in SQLite, files in a folder beside them. */
import { join } from "node:path";
import type { ClipBounds, ClipStore } from "./clip_store.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { memoryClipFiles, memoryClipRows } from "./memory_clips.ts";
import { openClipRows } from "./sqlite_clips.ts";

/**
 * Opens the clips of a data folder; `now` is the time in ms since 1970, by default the system's.
 *
 * @throws RangeError as `openDatabase` does
 */
export async function openClipStore(
  data: string,
  bounds: ClipBounds,
  now: () => number = Date.now,
): Promise<ClipStore> {
  const rows = openClipRows(join(data, "clips.sqlite"));
  try {
    return await createClipStore({ rows, files: await openFolder(join(data, "clips")), bounds, now });
  } catch (error) {
    rows.close();
    throw error;
  }
}

/** Makes an empty store that ends with the process. */
export function openMemoryClips(bounds: ClipBounds, now: () => number = Date.now): Promise<ClipStore> {
  return createClipStore({ rows: memoryClipRows(), files: memoryClipFiles(), bounds, now });
}
