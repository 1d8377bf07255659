/** Rows, and files where there is no better place for them, in IndexedDB. */
import type { ClipRow } from "./clip_row.ts";
import type { ClipFiles, ClipRows } from "./shelf_parts.ts";

const ROWS = "rows";
const FILES = "files";

/** Opens the database; the first time it is made. */
export async function openIndexed(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ROWS, { keyPath: "id" });
    request.result.createObjectStore(FILES);
  };
  return await done(request);
}

/** Makes rows of the database. */
export function indexedRows(database: IDBDatabase): ClipRows {
  return {
    all: () => done<unknown[]>(database.transaction(ROWS).objectStore(ROWS).getAll()),
    put: (row) => write(database, ROWS, (store) => store.put(row)),
    async change(id, part) {
      let found = false;
      await write(database, ROWS, (store) => {
        const request: IDBRequest<ClipRow | undefined> = store.get(id);
        request.onsuccess = () => {
          if (request.result === undefined) return;
          found = true;
          store.put({ ...request.result, ...part });
        };
      });
      return found;
    },
    delete: (id) => write(database, ROWS, (store) => store.delete(id)),
  };
}

/** Makes files as blobs of the database. */
export function indexedFiles(database: IDBDatabase): ClipFiles {
  return {
    write: (name, content) => write(database, FILES, (store) => store.put(content, name)),
    read: (name) => done<Blob | undefined>(database.transaction(FILES).objectStore(FILES).get(name)),
    delete: (name) => write(database, FILES, (store) => store.delete(name)),
  };
}

/** Makes a change; resolves when it is on the disk. */
async function write(
  database: IDBDatabase,
  name: string,
  act: (store: IDBObjectStore) => unknown,
): Promise<void> {
  const transaction = database.transaction(name, "readwrite", { durability: "strict" });
  const end = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  act(transaction.objectStore(name));
  await end;
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
