/** A shelf in memory, for pages for which the browser keeps nothing. */
import type { ClipRow } from "./clip_row.ts";
import type { ClipFiles, ClipRows } from "./shelf_parts.ts";
import type { Shelf } from "./shelf.ts";
import { StoredShelf } from "./stored_shelf.ts";

/** Makes an empty shelf that ends with the page; `now` is the time in ms since 1970, by default the system's. */
export function createMemoryShelf(now: () => number = Date.now): Shelf {
  return new StoredShelf({ rows: memoryRows(), files: memoryFiles(), lasting: false, now });
}

/** Rows in a map. */
export function memoryRows(): ClipRows {
  const rows = new Map<string, ClipRow>();
  return {
    all: () => Promise.resolve([...rows.values()]),
    put(row) {
      rows.set(row.id, row);
      return Promise.resolve();
    },
    change(id, part) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, ...part });
      return Promise.resolve(row !== undefined);
    },
    delete(id) {
      rows.delete(id);
      return Promise.resolve();
    },
  };
}

/** Files in a map. */
export function memoryFiles(): ClipFiles {
  const files = new Map<string, Blob>();
  return {
    write(name, content) {
      files.set(name, content);
      return Promise.resolve();
    },
    read: (name) => Promise.resolve(files.get(name)),
    delete(name) {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
