/** One picture file on its way to the engine. */
import { GradcastError } from "../../shared/errors.ts";
import { fileKind, HEAD_BYTES } from "../../shared/file_kind.ts";
import { MAX_FILE_PIXELS, MAX_PICTURE_SIDE_PX } from "../../shared/limits.ts";
import type { PictureReader, ReadPicture } from "../engine/mod.ts";
import type { Io } from "./_io.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

const LIMITS = { maxSide: MAX_PICTURE_SIDE_PX, maxPixels: MAX_FILE_PIXELS };

/**
 * Reads a picture file and fits it to the model's input.
 *
 * @throws UsageError where the file is no picture
 */
export async function readPicture(
  { io, reader }: { readonly io: Io; readonly reader: PictureReader },
  image: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<ReadPicture> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await io.readFile(image);
  } catch (cause) {
    throw new UsageError(`Cannot read the image: ${reasonOf(cause)}, got '${image}'`, {
      cause,
    });
  }
  if (fileKind(bytes.subarray(0, HEAD_BYTES)).kind === "video") {
    throw new UsageError(
      `${image}: Cannot explain it as a picture: it is a video. Explain all of its frames with --every 1, or one that you save`,
      { cause: new GradcastError("frame-format", "it is a video") },
    );
  }
  try {
    return await reader.read({ bytes, input: { width, height }, limits: LIMITS }, io.interrupted);
  } catch (cause) {
    if (!(cause instanceof GradcastError)) throw cause;
    throw new UsageError(`${image}: ${cause.message}`, { cause });
  }
}
