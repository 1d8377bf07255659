/** A folder that was exported, back as a collection; what has no pictures is a model like any that is uploaded. */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { misfitOf } from "../../shared/misfit.ts";
import { COLLECTION_FILE, ExportedSchema, PICTURES_FOLDER } from "./export.ts";
import type { Taught } from "./taught.ts";

/** A file that was sent. */
export interface ImportedFile {
  /** With `/` between its parts. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Pictures that are taken at a time. */
const AT_ONCE = 32;

/** Whether files are those of a collection. */
export function isCollection(files: readonly ImportedFile[]): boolean {
  return files.some(({ path }) => path === COLLECTION_FILE);
}

/** The same files without the folder that all of them lie in. */
export function withoutFolder(files: readonly ImportedFile[]): readonly ImportedFile[] {
  const plain = files.map(({ path, bytes }) => ({
    path: path.replaceAll("\\", "/").replace(/^\/+/, ""),
    bytes,
  }))
    .filter(({ path }) => path !== "" && !path.endsWith("/"));
  const [first = ""] = plain.map(({ path }) => path.split("/")[0] ?? "");
  const isInside = plain.every(({ path }) => path.startsWith(`${first}/`)) && first !== PICTURES_FOLDER;
  return isInside ? plain.map(({ path, bytes }) => ({ path: path.slice(first.length + 1), bytes })) : plain;
}

/**
 * Makes a collection of what was exported; it learns again. Returns its id.
 *
 * @throws GradcastError `archive-refused` where it is none, `taught-full`, or as the base cannot be loaded
 */
export async function importCollection(
  taught: Taught,
  files: readonly ImportedFile[],
  signal: AbortSignal,
): Promise<string> {
  const document = files.find(({ path }) => path === COLLECTION_FILE);
  const { name, base, kind, classes, holds } = parse(document?.bytes ?? new Uint8Array());
  const id = await taught.create(taught.has(base) ? { name, base } : { name }, signal);
  try {
    const collection = await taught.open(id);
    for (const { key, name, box } of classes) {
      const own = await collection.addClass(name);
      if (box !== null) await collection.setBox(own, box);
      const pictures = files.filter(({ path }) => path.startsWith(`${PICTURES_FOLDER}/${key}/`));
      const byHold = Map.groupBy(pictures, ({ path }) => Object.hasOwn(holds, path) ? holds[path] ?? 0 : 0);
      for (const [hold, some] of byHold) {
        for (let at = 0; at < some.length; at += AT_ONCE) {
          const next = some.slice(at, at + AT_ONCE).map(({ path, bytes }) => ({ name: path, bytes }));
          await collection.add(own, hold, next, signal);
        }
      }
    }
    await collection.change({ kind });
    return id;
  } catch (error) {
    await taught.remove(id).catch(() => {});
    throw error;
  }
}

function parse(bytes: Uint8Array<ArrayBuffer>): v.InferOutput<typeof ExportedSchema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new GradcastError("archive-refused", `Cannot import the folder: ${COLLECTION_FILE} is no JSON`);
  }
  const read = v.safeParse(ExportedSchema, json, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new GradcastError(
    "archive-refused",
    `Cannot import the folder: in ${COLLECTION_FILE}, ${misfitOf(issue, "the document")}`,
  );
}
