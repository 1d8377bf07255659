/** One picture file on its way to the engine. */
import { GradcastError } from "../../shared/errors.ts";
import { decodePicture, fitInput, type Picture } from "../engine/mod.ts";
import type { Io } from "./_io.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/** Longest side of a picture, in px; the limits of the live side do not count here. */
export const MAX_PICTURE_SIDE_PX = 16_384;

/**
 * Reads a picture file and fits it to the model's input.
 *
 * @throws UsageError where the file is no picture
 */
export async function readPicture(
  io: Io,
  image: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Picture> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await io.readFile(image);
  } catch (cause) {
    throw new UsageError(`Cannot read the image as ${reasonOf(cause)}: current value is '${image}'`, {
      cause,
    });
  }
  try {
    return fitInput(await decodePicture(bytes, { maxSide: MAX_PICTURE_SIDE_PX }), width, height);
  } catch (cause) {
    if (!(cause instanceof GradcastError)) throw cause;
    throw new UsageError(`${image}: ${cause.message}`, { cause });
  }
}
