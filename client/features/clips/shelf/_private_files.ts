/** Files of the origin's private file system: nothing of a large clip passes through a database. */
import type { ClipFiles } from "./shelf_parts.ts";

/** Opens the folder; null where this browser cannot write into it. */
export async function openPrivateFiles(folderName: string): Promise<ClipFiles | null> {
  try {
    if (!("createWritable" in FileSystemFileHandle.prototype)) return null;
    const root = await navigator.storage.getDirectory();
    return filesOf(await root.getDirectoryHandle(folderName, { create: true }));
  } catch {
    // Private windows and pages without https have no such file system.
    return null;
  }
}

function filesOf(folder: FileSystemDirectoryHandle): ClipFiles {
  return {
    async write(name, content) {
      const file = await folder.getFileHandle(name, { create: true });
      await content.stream().pipeTo(await file.createWritable());
    },
    async read(name) {
      const file = await found(folder.getFileHandle(name));
      return await file?.getFile();
    },
    async delete(name) {
      await found(folder.removeEntry(name));
    },
  };
}

async function found<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
    throw error;
  }
}
