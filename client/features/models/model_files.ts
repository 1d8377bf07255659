/** Files of a model as people choose or drop them: each with its path inside the model's folder. */
import { chosenFiles, droppedFiles, entriesOf, isSeen, type PathFile } from "../../ui/path_files.ts";

/** What is opened: a name, and the files. */
export interface ChosenModel {
  readonly name: string;
  readonly files: readonly PathFile[];
}

/** The model in a list of chosen files, or null where there is none; the folder that was chosen is left out of their paths. */
export function chosenModel(files: readonly File[]): ChosenModel | null {
  const [first] = files;
  if (first === undefined) return null;
  const folder = first.webkitRelativePath.split("/")[0] ?? "";
  return folder === "" ? named(first.name, chosenFiles(files)) : inFolder(folder, chosenFiles(files));
}

/** The model among what was dropped, folders read to their ends; null where there is none. */
export async function droppedModel(transfer: DataTransfer): Promise<ChosenModel | null> {
  const entries = entriesOf(transfer);
  const [only] = entries;
  if (only === undefined) return null;
  const files = await droppedFiles(entries);
  return entries.length === 1 && only.isDirectory ? inFolder(only.name, files) : named(only.name, files);
}

function inFolder(folder: string, files: readonly PathFile[]): ChosenModel {
  return named(folder, files.map(({ path, file }) => ({ path: path.slice(folder.length + 1), file })));
}

function named(name: string, files: readonly PathFile[]): ChosenModel {
  return { name, files: files.filter(isSeen) };
}
