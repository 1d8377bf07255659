/** Files of the recorder in the browser's private file system. */

/** Where they lie. */
const FOLDER = "recordings";

/** A file that is being written. */
export interface PrivateFile {
  readonly writable: FileSystemWritableFileStream;
  /** What was written, once `writable` is closed. */
  read(): Promise<File>;
  remove(): Promise<void>;
}

/** Makes a file, or gives null where the browser has no private file system. */
export async function makePrivateFile(): Promise<PrivateFile | null> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const name = crypto.randomUUID();
    const file = await folder.getFileHandle(name, { create: true });
    return {
      writable: await file.createWritable(),
      read: () => file.getFile(),
      remove: () => folder.removeEntry(name).catch(() => {}),
    };
  } catch {
    return null;
  }
}

/** Removes what recordings of earlier visits left; those of other tabs that are being written stay locked. */
export async function clearPrivateFiles(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER);
    for await (const name of folder.keys()) await folder.removeEntry(name).catch(() => {});
  } catch {
    // Nothing was ever written, or the browser has no such place.
  }
}
