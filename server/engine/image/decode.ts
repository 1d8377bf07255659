/** From encoded bytes to pixels, every refusal with its code. */
import type { FileFormat } from "../../../shared/codec.ts";
import { GradcastError } from "../../../shared/errors.ts";
import { MAX_FRAME_SIDE_PX } from "../../../shared/limits.ts";
import { decodeJpeg } from "./jpeg.ts";
import { readJpegSize } from "./jpeg_file.ts";
import { corrupt, type Picture, type Size } from "./picture.ts";
import { decodePng } from "./png.ts";
import { readPngHeader } from "./png_file.ts";
import { sniffFormat } from "./sniff.ts";

interface Codec {
  size(bytes: Uint8Array): Size;
  decode(bytes: Uint8Array<ArrayBuffer>): Picture | Promise<Picture>;
}

const CODECS: Readonly<Record<FileFormat, Codec>> = {
  jpeg: { size: readJpegSize, decode: decodeJpeg },
  png: { size: readPngHeader, decode: decodePng },
};

/** Options of {@link decodePicture}. */
export interface DecodeOptions {
  /** What the bytes are said to be; without it, any format that is known will do. */
  readonly format?: FileFormat;
  /** Longest side that is taken, in px; by default that of a frame. */
  readonly maxSide?: number;
}

/**
 * Decodes a JPEG or PNG.
 *
 * @throws GradcastError `frame-format` (F4), `frame-side` (F3) or `frame-corrupt` (F5)
 */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  { format, maxSide = MAX_FRAME_SIDE_PX }: DecodeOptions = {},
): Promise<Picture> {
  const found = sniffFormat(bytes);
  if (found === null || (format !== undefined && found !== format)) {
    throw new GradcastError(
      "frame-format",
      `Cannot take the picture as its first bytes have to be those of ${
        format ?? "jpeg or png"
      }: current value is ${found ?? `[${bytes.subarray(0, 8)}]`}`,
    );
  }
  const codec = CODECS[found];
  const { width, height } = codec.size(bytes);
  if (width === 0 || height === 0) throw corrupt("its sides are at least 1 px", `${width}×${height}`);
  if (Math.max(width, height) > maxSide) {
    throw new GradcastError(
      "frame-side",
      `Cannot take the picture as a side has at most ${maxSide} px: current value is ${width}×${height}`,
    );
  }
  return await codec.decode(bytes);
}
