/** Files that are written: their names for several images, and whether they can be written at all. */
import { basename, dirname, extname, join, resolve } from "node:path";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/** Puts an image's name into a file's: `out.png` and `photos/cat.jpg` give `out-cat.png`. */
export function nameFor(file: string, image: string): string {
  const ending = extname(file);
  const stem = basename(file, ending);
  return join(dirname(file), `${stem}-${basename(image, extname(image))}${ending}`);
}

/** The file of each image, `[images]`. */
export function namesFor(file: string, images: readonly string[]): string[] {
  return images.length === 1 ? [file] : images.map((image) => nameFor(file, image));
}

/**
 * Refuses files that cannot be written, before anything is computed.
 *
 * @throws UsageError
 */
export async function checkOutputs(io: Io, { images, files }: ExplainCommand): Promise<void> {
  const named = [
    ...(files.map === undefined ? [] : namesFor(files.map, images)),
    ...(files.png === undefined ? [] : namesFor(files.png, images)),
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
