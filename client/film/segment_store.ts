/** Stores segments of recordings in the browser's private file system, where they take no memory. */
import type { SegmentStore } from "./segmented_file.ts";

/** Where they lie, in one folder for each recording. */
const FOLDER = "recordings";

/** How long a recording that nobody kept stays, in ms: a preview in another tab may be open for long. */
const STAY_MS = 24 * 3_600_000;

/** Opens a store for one recording; it is in memory where the browser has no private file system. */
export async function openSegments(): Promise<SegmentStore> {
  try {
    if (!("createWritable" in FileSystemFileHandle.prototype)) return memorySegments();
    const all = await recordings(true);
    const name = `${Date.now()}-${crypto.randomUUID()}`;
    const folder = await all.getDirectoryHandle(name, { create: true });
    let count = 0;
    return {
      async put(pieces) {
        const file = await folder.getFileHandle(String(count++), { create: true });
        const writable = await file.createWritable();
        // Piece by piece: a Blob of them would stay in memory until the next garbage collection.
        for (const piece of pieces) await writable.write(piece);
        await writable.close();
        return await file.getFile();
      },
      remove: () => all.removeEntry(name, { recursive: true }).catch(() => {}),
    };
  } catch {
    // Private windows and pages without https have no such file system.
    return memorySegments();
  }
}

function memorySegments(): SegmentStore {
  return { put: (pieces) => Promise.resolve(new Blob([...pieces])), remove: () => Promise.resolve() };
}

/** Removes what recordings of earlier days left behind. */
export async function clearOldSegments(): Promise<void> {
  try {
    const all = await recordings(false);
    for await (const name of all.keys()) {
      if (Date.now() - Number.parseInt(name) > STAY_MS) {
        await all.removeEntry(name, { recursive: true }).catch(() => {});
      }
    }
  } catch {
    // Nothing was ever written, or the browser has no such place.
  }
}

async function recordings(create: boolean): Promise<FileSystemDirectoryHandle> {
  return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}
