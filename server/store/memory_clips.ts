/** Rows and files of clips in memory. */
import type { ClipFiles, ClipRow, ClipRows } from "./clip_store.ts";

/** Rows in a map. */
export function memoryClipRows(): ClipRows {
  const rows = new Map<string, ClipRow>();
  const thumbnails = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(id),
    thumbnail: (id) => thumbnails.get(id),
    insert(row, thumbnail) {
      rows.set(row.id, row);
      thumbnails.set(row.id, thumbnail);
    },
    update(row) {
      if (rows.has(row.id)) rows.set(row.id, row);
    },
    delete(id) {
      rows.delete(id);
      thumbnails.delete(id);
    },
    close() {},
  };
}

/** Files in a map. */
export function memoryClipFiles(): ClipFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    write(name, at, bytes) {
      const before = files.get(name) ?? new Uint8Array();
      const file = new Uint8Array(Math.max(before.byteLength, at + bytes.byteLength));
      file.set(before);
      file.set(bytes, at);
      files.set(name, file);
      return Promise.resolve();
    },
    read: (name, from, length) =>
      ReadableStream.from([(files.get(name) ?? new Uint8Array()).slice(from, from + length)]),
    delete(name) {
      files.delete(name);
      return Promise.resolve();
    },
    names: () => Promise.resolve([...files.keys()]),
  };
}
