/** Pictures as people choose or drop them: alone for one class, or in folders, each folder a class. */
import { isSeen, type PathFile } from "../../ui/path_files.ts";

/** Pictures of one class; `name` null: they lay in no folder. */
export interface ClassFiles {
  readonly name: string | null;
  readonly files: readonly File[];
}

/** Endings of pictures, for files that come without a type. */
const ENDINGS = /\.(jpe?g|png|webp|gif|bmp|avif|heic|heif)$/i;

/**
 * Sorts pictures by the folder that they lie in; what systems leave in folders and what is no picture is left out.
 * A folder of nothing but pictures is one class of its name, a folder of folders a class for each of these.
 */
export function classesOf(files: readonly PathFile[]): readonly ClassFiles[] {
  const classes = new Map<string | null, File[]>();
  for (const one of files) {
    if (!isSeen(one) || !isPicture(one.file)) continue;
    const folder = one.path.split("/").at(-2) ?? null;
    const known = classes.get(folder);
    if (known === undefined) classes.set(folder, [one.file]);
    else known.push(one.file);
  }
  return [...classes].map(([name, inside]) => ({ name, files: inside }));
}

/** Names of seen files that are no pictures. */
export function otherFiles(files: readonly PathFile[]): readonly string[] {
  return files.filter((one) => isSeen(one) && !isPicture(one.file)).map(({ file }) => file.name);
}

function isPicture({ type, name }: File): boolean {
  return type === "" ? ENDINGS.test(name) : type.startsWith("image/");
}
