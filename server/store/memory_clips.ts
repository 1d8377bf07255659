/** Rows and files of clips in memory. */
import { cutShort } from "./_file_name.ts";
import type { ClipFiles, ClipRow, ClipRows, ClipTable } from "./clip_store.ts";

/** Rows in a map: the twin that SQLite's are held to. */
export function memoryClipTable(): ClipTable {
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
    change(id, change) {
      const row = rows.get(id);
      if (row === undefined) return null;
      const changed = { ...row, ...change };
      rows.set(id, changed);
      return changed;
    },
    delete(id) {
      rows.delete(id);
      thumbnails.delete(id);
    },
    close() {},
  };
}

/** A table's calls, answered later, as a worker answers them. */
export function asRows(table: ClipTable): ClipRows {
  return {
    all: async () => await Promise.resolve(table.all()),
    get: async (id) => await Promise.resolve(table.get(id)),
    thumbnail: async (id) => await Promise.resolve(table.thumbnail(id)),
    insert: async (row, thumbnail) => await Promise.resolve(table.insert(row, thumbnail)),
    change: async (id, change) => await Promise.resolve(table.change(id, change)),
    delete: async (id) => await Promise.resolve(table.delete(id)),
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
