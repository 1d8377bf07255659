/** Which models there are, by the paths that were named: what is known of each before it is loaded. */
import { basename, dirname, extname, join } from "node:path";
import { CARD_FILE, parseCard } from "../engine/mod.ts";
import { sniff } from "../engine/model/formats/recognise.ts";
import { isModelFile } from "./paths.ts";

/** Bytes of a card at most. */
const MAX_CARD_BYTES = 2 ** 20;

/** A model that lies somewhere. */
export interface FoundModel {
  /** Folder or file. */
  readonly path: string;
  /** What it is called: by its card, otherwise by its file. */
  readonly id: string;
  readonly name: string;
  /** Bytes of its files; 0 where they cannot be looked at. */
  readonly bytes: number;
}

/**
 * Finds the models that a path stands for: a file or a folder that is one, or a folder of which each entry is looked at.
 * A path that is nothing of that is taken for a model, so that loading it says what is wrong.
 */
export async function findModels(path: string): Promise<readonly FoundModel[]> {
  if (!await isFolder(path) || await sniff(path) !== null) return [await describeFound(path)];
  const inside: string[] = [];
  for await (const { name } of Deno.readDir(path)) {
    const child = join(path, name);
    if (await sniff(child) !== null) inside.push(child);
  }
  if (inside.length === 0) return [await describeFound(path)];
  return await Promise.all(inside.toSorted().map(describeFound));
}

/** Reads what is known of a model without opening it. */
export async function describeFound(path: string): Promise<FoundModel> {
  const card = await readCard(cardPath(path));
  const stem = isModelFile(path) ? basename(path, extname(path)) : basename(path);
  const id = card?.id ?? stem;
  return { path, id, name: card?.name ?? id, bytes: await sizeOf(path) };
}

/** The card of a folder lies in it, that of a file beside it. */
function cardPath(path: string): string {
  if (!isModelFile(path)) return join(path, CARD_FILE);
  return join(dirname(path), `${basename(path, extname(path))}.${CARD_FILE}`);
}

/** Id and name of a card; null where there is none. One that does not fit is refused when the model is loaded. */
async function readCard(
  path: string,
): Promise<{ id?: string | undefined; name?: string | undefined } | null> {
  try {
    const { isFile, size } = await Deno.stat(path);
    // A pipe would be waited for without end.
    return !isFile || size > MAX_CARD_BYTES ? null : parseCard(await Deno.readTextFile(path));
  } catch {
    return null;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (isFile) return size;
    let sum = 0;
    for await (const { name, isFile } of Deno.readDir(path)) {
      if (isFile) sum += (await Deno.stat(join(path, name))).size;
    }
    return sum;
  } catch {
    // Loading it says why.
    return 0;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}
