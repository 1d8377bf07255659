/** Files of models on the disk. */
import { dirname, join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { isModelId, modelFileOf } from "./_model_paths.ts";
import type { ShelvedModel } from "./model_shelf.ts";

/** Bytes that are written at a time. */
const BLOCK_BYTES = 1024 * 1024;

/** What a server before left half done, and what was removed under it. */
export async function sweep(base: string): Promise<void> {
  await remove(join(base, ".incoming"));
  await remove(join(base, ".trash"));
}

/** Removes a file or a folder with what is in it; does nothing where there is none. */
export async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Ids of the models in a folder: what else lies there is left alone. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).filter((one) =>
      one.isDirectory && isModelId(one.name)
    ).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** What lies in the folder of an id. */
export async function shelved(parent: string, id: string): Promise<ShelvedModel> {
  const folder = join(parent, id);
  const paths = await pathsIn(folder);
  const sizes = await Promise.all(paths.map(async (path) => (await Deno.stat(join(folder, path))).size));
  return { id, path: openedPath(folder, paths), bytes: sum(sizes) };
}

/** Every file below a folder, by its path inside. */
export async function pathsIn(folder: string, before = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isFile, isDirectory } of Deno.readDir(folder)) {
    if (isFile) paths.push(`${before}${name}`);
    else if (isDirectory) paths.push(...await pathsIn(join(folder, name), `${before}${name}/`));
  }
  return paths;
}

/** The file or the folder that is opened, of a model with these files. */
export function openedPath(folder: string, paths: readonly string[]): string {
  const file = modelFileOf(paths);
  return file === null ? folder : join(folder, file);
}

/** Writes a file and puts it on the disk; `bytes`: its size, where that is known beforehand. */
export async function writeFile(
  path: string,
  incoming: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytes: number | null,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  let written = 0;
  for await (const part of incoming) {
    written += part.byteLength;
    if (bytes !== null && written > bytes) throw otherSize(bytes, `${written} or more`);
    for (let at = 0; at < part.byteLength;) {
      at += await file.write(part.subarray(at, at + BLOCK_BYTES));
    }
  }
  if (bytes !== null && written < bytes) throw otherSize(bytes, String(written));
  await file.syncData();
  await syncFolder(dirname(path));
}

function otherSize(bytes: number, got: string): GradcastError {
  return new GradcastError(
    "model-bytes",
    `Cannot take the file: it was announced with ${bytes} bytes, got ${got}`,
  );
}

/** Puts a folder's names on the disk; where folders cannot be opened (Windows) the system does so by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using file = await Deno.open(folder);
  await file.sync();
}

/** The sum of some numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
