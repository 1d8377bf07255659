/** Rows and files of clips in memory: the twins that the disk's are held to. */
import { cutShort } from "../_file_name.ts";
import { AgeClock, noClockMemory } from "../age_clock.ts";
import type {
  ClipBounds,
  ClipFiles,
  ClipRow,
  ClipRows,
  ClipStore,
  ClipTable,
  RowStore,
} from "../clip_store.ts";
import { createClipTable } from "../clip_table.ts";
import { createClipStore } from "../kept_clips.ts";

/** Rows in a map. */
export function memoryRows(): RowStore {
  const rows = new Map<string, ClipRow>();
  const thumbnails = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(id) ?? null,
    thumbnail: (id) => thumbnails.get(id) ?? null,
    insert(row, thumbnail) {
      rows.set(row.id, row);
      thumbnails.set(row.id, thumbnail);
    },
    update: (row) => void rows.set(row.id, row),
    delete(id) {
      rows.delete(id);
      thumbnails.delete(id);
    },
    together: (work) => work(),
    close: (last) => last(),
  };
}

/** A table's calls, answered later, as a worker answers them. */
export function asLinked(table: ClipTable): ClipRows {
  return {
    announce: async (upload, key) => await Promise.resolve(table.announce(upload, key)),
    get: async (id) => await Promise.resolve(table.get(id)),
    thumbnail: async (id) => await Promise.resolve(table.thumbnail(id)),
    ids: async () => await Promise.resolve(table.ids()),
    list: async (search) => await Promise.resolve(table.list(search)),
    trash: async () => await Promise.resolve(table.trash()),
    makeRoom: async (id, received) => await Promise.resolve(table.makeRoom(id, received)),
    receive: async (id, received) => await Promise.resolve(table.receive(id, received)),
    finish: async (id) => await Promise.resolve(table.finish(id)),
    edit: async (id, edit) => await Promise.resolve(table.edit(id, edit)),
    remove: async (id) => await Promise.resolve(table.remove(id)),
    restore: async (id) => await Promise.resolve(table.restore(id)),
    ageOut: async () => await Promise.resolve(table.ageOut()),
    emptyTrash: async () => await Promise.resolve(table.emptyTrash()),
    erase: async (id) => await Promise.resolve(table.erase(id)),
    tick: async () => await Promise.resolve(table.tick()),
    close: async () => await Promise.resolve(table.close()),
  };
}

/** Files in a map. */
export function memoryClipFiles(): ClipFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    write(name, at, bytes) {
      const before = files.get(name) ?? new Uint8Array();
      if (before.byteLength < at) return Promise.reject(cutShort(name, at, before.byteLength));
      const file = new Uint8Array(Math.max(before.byteLength, at + bytes.byteLength));
      file.set(before);
      file.set(bytes, at);
      files.set(name, file);
      return Promise.resolve();
    },
    read: (name, from, length) =>
      ReadableStream.from([(files.get(name) ?? new Uint8Array()).slice(from, from + length)]),
    size: (name) => Promise.resolve(files.get(name)?.byteLength ?? 0),
    delete(name) {
      files.delete(name);
      return Promise.resolve();
    },
    names: () => Promise.resolve([...files.keys()]),
  };
}

/** Makes an empty store that ends with the process. */
export function openMemoryClips(bounds: ClipBounds): Promise<ClipStore> {
  const clock = new AgeClock(noClockMemory());
  const table = createClipTable({ rows: memoryRows(), clock, bounds, now: Date.now });
  return createClipStore(asLinked(table), memoryClipFiles());
}
