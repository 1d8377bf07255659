/** Files of a model as people choose or drop them: each with its path inside the model's folder. */

/** A file with its path, `/` between its parts. */
export interface ModelFile {
  readonly path: string;
  readonly file: File;
}

/** What is opened: a name, and the files. */
export interface ChosenModel {
  readonly name: string;
  readonly files: readonly ModelFile[];
}

/** The model in a list of chosen files, or null where there is none; the folder that was chosen is left out of their paths. */
export function chosenModel(files: readonly File[]): ChosenModel | null {
  const [first] = files;
  if (first === undefined) return null;
  const folder = first.webkitRelativePath.split("/")[0] ?? "";
  const inside = files.map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath.slice(folder.length + 1),
    file,
  }));
  return { name: folder === "" ? first.name : folder, files: inside.filter(isWanted) };
}

/** The model among what was dropped, folders read to their ends; null where there is none. */
export async function droppedModel(transfer: DataTransfer): Promise<ChosenModel | null> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) =>
    entry !== null
  );
  const [only] = entries;
  if (only === undefined) return null;
  const inFolder = entries.length === 1 && only.isDirectory;
  const files = (await Promise.all(entries.map((entry) => filesOf(entry, "")))).flat();
  const paths = files.map(({ path, file }) => ({
    path: inFolder ? path.slice(only.name.length + 1) : path,
    file,
  }));
  return { name: only.name, files: paths.filter(isWanted) };
}

/** Files that systems leave in folders are no part of a model. */
function isWanted({ path }: ModelFile): boolean {
  return path.split("/").every((part) => !part.startsWith("."));
}

async function filesOf(entry: FileSystemEntry, before: string): Promise<readonly ModelFile[]> {
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
