/** Files as people choose or drop them: each with its path from the folder that was chosen. */

/** A file with its path, `/` between its parts. */
export interface PathFile {
  readonly path: string;
  readonly file: File;
}

/** Files of a field of the page: with their folders where a folder was chosen. */
export function chosenFiles(files: readonly File[]): readonly PathFile[] {
  return files.map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath,
    file,
  }));
}

/** Files that were dropped, folders read to their ends. */
export async function droppedFiles(entries: readonly FileSystemEntry[]): Promise<readonly PathFile[]> {
  return (await Promise.all(entries.map((entry) => filesOf(entry, "")))).flat();
}

/** What was dropped. */
export function entriesOf(transfer: DataTransfer): readonly FileSystemEntry[] {
  return [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
}

/** Whether a file is one that people see: systems leave others in folders, which begin with a dot. */
export function isSeen({ path }: PathFile): boolean {
  return path.split("/").every((part) => !part.startsWith("."));
}

async function filesOf(entry: FileSystemEntry, before: string): Promise<readonly PathFile[]> {
  const path = `${before}${entry.name}`;
  if (isFile(entry)) {
    return [{ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
  }
  if (!isFolder(entry)) return [];
  const children = await childrenOf(entry.createReader());
  return (await Promise.all(children.map((child) => filesOf(child, `${path}/`)))).flat();
}

/** A reader gives its entries a hundred at a time. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const next = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (next.length === 0) return all;
    all.push(...next);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
