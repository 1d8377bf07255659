/** Files that are written: their names for several maps, and whether they can be written at all. */
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Plan } from "../explain/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/** Which map a file is for, in words. */
export interface MapName {
  readonly image: string;
  readonly method: string;
  readonly classText: string;
}

/** Every map of a run: picture by picture, and of each one in the order of the plan. */
export function mapNames(images: readonly string[], { maps }: Plan): MapName[] {
  return images.flatMap((image) =>
    maps.map(({ request: { method }, classText }) => ({ image, method: method.id, classText }))
  );
}

/** The file of each map: what there are several of stands in its name, `out-cat-occlusion-top1.png`. */
export function namesFor(file: string, maps: readonly MapName[]): string[] {
  const several = (of: (map: MapName) => string) => new Set(maps.map(of)).size > 1;
  const parts = [
    ...(several(({ image }) => image) ? [({ image }: MapName) => basename(image, extname(image))] : []),
    ...(several(({ method }) => method) ? [({ method }: MapName) => method] : []),
    ...(several(({ classText }) => classText) ? [({ classText }: MapName) => plainName(classText)] : []),
  ];
  const ending = extname(file);
  const stem = basename(file, ending);
  return maps.map((map) => {
    if (parts.length === 0) return file;
    return join(dirname(file), `${[stem, ...parts.map((part) => part(map))].join("-")}${ending}`);
  });
}

/** A class in letters that every file system takes. */
function plainName(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

/**
 * Refuses files that cannot be written, before anything is computed.
 *
 * @throws UsageError
 */
export async function checkOutputs(io: Io, { images, files }: ExplainCommand, plan: Plan): Promise<void> {
  const maps = mapNames(images, plan);
  const named = [
    ...(files.map === undefined ? [] : namesFor(files.map, maps)),
    ...(files.png === undefined ? [] : namesFor(files.png, maps)),
    ...(files.report === undefined ? [] : [files.report]),
  ];
  const taken = new Map(images.map((image) => [resolve(image), `it is the image '${image}'`]));
  for (const file of named) {
    const reason = taken.get(resolve(file)) ?? await unwritable(io, file);
    if (reason !== null) {
      throw new UsageError(`Cannot write the file as ${reason}: current value is '${file}'`);
    }
    taken.set(resolve(file), "another output has that name");
  }
}

/**
 * Writes a file.
 *
 * @throws UsageError where that fails
 */
export async function writeOutput(io: Io, file: string, bytes: Uint8Array): Promise<void> {
  try {
    await io.writeFile(file, bytes);
  } catch (cause) {
    throw new UsageError(`Cannot write the file as ${reasonOf(cause)}: current value is '${file}'`, {
      cause,
    });
  }
}

async function unwritable(io: Io, file: string): Promise<string | null> {
  const folder = dirname(file);
  try {
    if (await io.kindOf(file) === "folder") return "it is a folder";
    return await io.kindOf(folder) === "folder" ? null : `there is no folder '${folder}'`;
  } catch (error) {
    return reasonOf(error);
  }
}
