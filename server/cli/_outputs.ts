/** Files that are written: their names for several maps, and whether they can be written at all. */
import { basename, dirname, extname, join } from "node:path";
import type { Plan } from "../explain/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/** Longest part of a file's name that comes from a picture or a class, in characters. */
const MAX_PART = 60;

/** The same in bytes of UTF-8: three parts and what the person wrote fit the 255 bytes that file systems take. */
const MAX_PART_BYTES = 64;

const encoder = new TextEncoder();

/** Which map a file is for, in words. */
export interface MapName {
  /** Place of its picture in the run. */
  readonly picture: number;
  readonly image: string;
  readonly method: string;
  readonly classText: string;
}

/** Every map of a run: picture by picture, and of each one in the order of the plan. */
export function mapNames(images: readonly string[], { maps }: Pick<Plan, "maps">): MapName[] {
  return images.flatMap((image, picture) =>
    maps.map(({ request: { method }, classText }) => ({ picture, image, method: method.id, classText }))
  );
}

/**
 * The file of each map: what there are several of stands in its name, `out-cat-occlusion-top1.png`. Pictures of one name
 * have their folders' before it; what is equal even so is numbered.
 */
export function namesFor(file: string, maps: readonly MapName[]): string[] {
  const several = (of: (map: MapName) => string | number) => new Set(maps.map(of)).size > 1;
  const pictures = pictureNames(maps);
  const parts = [
    ...(several(({ picture }) => picture) ? [({ picture }: MapName) => pictures.get(picture) ?? ""] : []),
    ...(several(({ method }) => method) ? [({ method }: MapName) => method] : []),
    ...(several(({ classText }) => classText) ? [({ classText }: MapName) => className(classText)] : []),
  ];
  if (parts.length === 0) return maps.map(() => file);
  const ending = extname(file);
  const stem = basename(file, ending);
  return numbered(maps.map((map) => [stem, ...parts.map((part) => part(map))].join("-")))
    .map((name) => join(dirname(file), `${name}${ending}`));
}

/** A name for each picture of a run. */
function pictureNames(maps: readonly MapName[]): ReadonlyMap<number, string> {
  const images = new Map(maps.map(({ picture, image }) => [picture, image]));
  const stems = [...images.values()].map((image) => pictureName(basename(image, extname(image))));
  const counts = Map.groupBy(stems, sameName);
  return new Map([...images].map(([picture, image], index) => {
    const stem = stems[index] ?? "";
    const folder = safe(basename(dirname(image)));
    const alone = counts.get(sameName(stem))?.length === 1 || folder === "";
    return [picture, alone ? stem : `${folder}-${stem}`];
  }));
}

/** Numbers names that a file system may take for the same: the second `cat` becomes `cat-2`. */
function numbered(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; taken.has(sameName(own)); number++) own = `${name}-${number}`;
    taken.add(sameName(own));
    return own;
  });
}

/** What two names have in common that some file system does not tell apart. */
function sameName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** A picture's name in characters that every file system takes. */
function pictureName(text: string): string {
  return safe(text) || "picture";
}

/** A text without what some file system or shell does not take; may be empty. */
function safe(text: string): string {
  return shortened(
    text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}._ -]+/gu, "-").replace(/^[-. ]+|[-. ]+$/g, ""),
  );
}

/** A class in letters that every file system takes. */
function className(text: string): string {
  return shortened(
    text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-|-$/g, ""),
  ) ||
    "class";
}

function shortened(text: string): string {
  let short = "";
  for (const character of [...text].slice(0, MAX_PART)) {
    if (encoder.encode(short + character).length > MAX_PART_BYTES) break;
    short += character;
  }
  return short;
}

/** The files of every map of a run, in the order of {@link mapNames}; empty where none were asked for. */
export interface OutputNames {
  readonly map: readonly string[];
  readonly png: readonly string[];
}

/** Names every file that a command writes for its maps. */
export function outputNames({ images, files }: ExplainCommand, plan: Plan): OutputNames {
  const maps = mapNames(images, plan);
  return {
    map: files.map === undefined ? [] : namesFor(files.map, maps),
    png: files.png === undefined ? [] : namesFor(files.png, maps),
  };
}

/**
 * Refuses files that cannot be written, before anything is computed.
 *
 * @throws UsageError
 */
export async function checkOutputs(
  io: Io,
  { images, files: { report } }: ExplainCommand,
  names: OutputNames,
): Promise<void> {
  await checkFiles(io, images, "image", [
    ...names.map,
    ...names.png,
    ...(report === undefined ? [] : [report]),
  ]);
}

/**
 * Refuses files that cannot be written: there is no folder for them, they are read, or two have one name.
 *
 * @param what what the files are that are read
 * @throws UsageError
 */
export async function checkFiles(
  io: Io,
  read: readonly string[],
  what: "image" | "video",
  named: readonly string[],
): Promise<void> {
  if (named.length === 0) return;
  const taken = new Map<string, string>();
  for (const file of read) taken.set(await io.realPath(file), `it is the ${what} '${file}'`);
  for (const file of named) {
    const path = await io.realPath(file);
    const reason = taken.get(path) ?? await unwritable(io, file);
    if (reason !== null) {
      throw new UsageError(`Cannot write the file: ${reason}, got '${file}'`);
    }
    taken.set(path, "another output has that name");
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
