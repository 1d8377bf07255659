/** The store of clips on the disk: rows in SQLite, files in a folder beside them. */
import { join } from "node:path";
import { AgeClock, noClockMemory } from "./age_clock.ts";
import type { ClipBounds, ClipRows, ClipStore, ClipTable } from "./clip_store.ts";
import { createClipTable } from "./clip_table.ts";
import { orStoreFailure } from "./failures.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { asLinked, memoryClipFiles, memoryRows } from "./memory_clips.ts";
import { linkTable } from "./table_link.ts";

/**
 * Opens the clips of a data folder.
 *
 * @throws GradcastError where the disk is the reason, RangeError as `openDatabase` does
 */
export function openClipStore(data: string, bounds: ClipBounds): Promise<ClipStore> {
  return orStoreFailure("open the clips", async () => {
    const files = await openFolder(join(data, "clips"));
    const rows = await openClipRows(join(data, "clips.sqlite"), bounds);
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

/** Makes an empty store that ends with the process. */
export function openMemoryClips(bounds: ClipBounds): Promise<ClipStore> {
  const clock = new AgeClock(noClockMemory());
  const table = createClipTable({ rows: memoryRows(), clock, bounds, now: Date.now });
  return createClipStore(asLinked(table), memoryClipFiles());
}
