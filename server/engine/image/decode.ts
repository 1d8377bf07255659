/** From encoded bytes to pixels, every refusal with its code. */
import { GradcastError } from "../../../shared/errors.ts";
import { fileKind, PICTURE_NAMES, type PictureFormat, READABLE } from "../../../shared/file_kind.ts";
import { MAX_FRAME_SIDE_PX } from "../../../shared/limits.ts";
import { decodeAvif } from "./avif.ts";
import { readAvifHeader } from "./avif_file.ts";
import { decodeBmp } from "./bmp.ts";
import { readBmp } from "./bmp_file.ts";
import { decodeGif, readGifHeader } from "./gif.ts";
import { decodeJpeg } from "./jpeg.ts";
import { readJpegSize } from "./jpeg_file.ts";
import { corrupt, type Header, type Picture } from "./picture.ts";
import { decodePng } from "./png.ts";
import { readPngHeader } from "./png_file.ts";
import { decodeWebp } from "./webp.ts";
import { readWebp } from "./webp_file.ts";

interface Codec {
  header(bytes: Uint8Array): Header;
  decode(bytes: Uint8Array): Picture | Promise<Picture>;
}

const CODECS: Readonly<Record<PictureFormat, Codec>> = {
  jpeg: { header: (bytes) => ({ ...readJpegSize(bytes), animated: false }), decode: decodeJpeg },
  png: { header: readPngHeader, decode: decodePng },
  webp: { header: readWebp, decode: decodeWebp },
  avif: { header: readAvifHeader, decode: decodeAvif },
  gif: { header: readGifHeader, decode: decodeGif },
  bmp: { header: readBmp, decode: decodeBmp },
};

/** Options of {@link decodePicture}. */
export interface DecodeOptions {
  /** What the bytes are said to be; without it, any format that is known will do. */
  readonly format?: PictureFormat;
  /** Longest side that is taken, in pixels; by default that of a frame. */
  readonly maxSide?: number;
  /** Most pixels that are taken; by default those of a square of the longest side. */
  readonly maxPixels?: number;
}

/** A decoded picture, with what its file had besides. */
export interface Decoded extends Picture {
  /** Only of a file that moves: what a person should know, without a full stop. */
  readonly note?: string;
}

/**
 * Decodes a picture; its header is held to the limits before anything is unpacked.
 *
 * @throws GradcastError `frame-format` (F4), `frame-side` (F3) or `frame-corrupt` (F5)
 */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  { format, maxSide = MAX_FRAME_SIDE_PX, maxPixels = maxSide ** 2 }: DecodeOptions = {},
): Promise<Decoded> {
  const found = pictureFormat(bytes, format);
  const codec = CODECS[found];
  const { width, height, animated } = codec.header(bytes);
  if (width === 0 || height === 0) {
    throw corrupt("expected its sides to have at least 1 px", `${width}×${height}`);
  }
  if (Math.max(width, height) > maxSide) {
    throw tooLarge(`expected sides of at most ${maxSide} px`, { width, height });
  }
  if (width * height > maxPixels) throw tooLarge(`expected at most ${maxPixels} pixels`, { width, height });
  const picture = await codec.decode(bytes);
  if (!animated) return picture;
  return { ...picture, note: noteOf(found) };
}

/** What a person should know of a picture before it is decoded; null also where its header is damaged. */
export function pictureNote(bytes: Uint8Array): string | null {
  const kind = fileKind(bytes);
  if (kind.kind !== "picture") return null;
  try {
    return CODECS[kind.format].header(bytes).animated ? noteOf(kind.format) : null;
  } catch (error) {
    if (error instanceof GradcastError) return null;
    throw error;
  }
}

function noteOf(format: PictureFormat): string {
  return `The ${PICTURE_NAMES[format]} moves: its first picture is taken`;
}

/**
 * Finds a picture's format by its first bytes.
 *
 * @throws GradcastError `frame-format`, with what to do, where it is not read here or another one than expected
 */
export function pictureFormat(bytes: Uint8Array, expected?: PictureFormat): PictureFormat {
  const kind = fileKind(bytes);
  if (kind.kind === "picture" && (expected === undefined || expected === kind.format)) return kind.format;
  const wanted = expected === undefined ? READABLE : PICTURE_NAMES[expected];
  switch (kind.kind) {
    case "picture":
      throw foreign(`it is ${PICTURE_NAMES[kind.format]}, expected ${wanted}`);
    case "foreign":
      throw foreign(`it is ${kind.name}, expected ${wanted}. ${kind.advice}`);
    case "video":
      throw foreign(`it is a video, expected ${wanted}. Open it on the page, or save one of its pictures`);
    case "unknown":
      if (bytes.byteLength === 0) throw foreign(`it is empty, expected ${wanted}. Choose another file`);
      throw foreign(`its first bytes are [${bytes.subarray(0, 8)}], expected ${wanted}`);
    default: {
      const never: never = kind;
      throw new TypeError(
        `Cannot read the picture: expected a known kind of file, got ${JSON.stringify(never)}`,
      );
    }
  }
}

function foreign(reason: string): GradcastError {
  return new GradcastError("frame-format", `Cannot read the picture: ${reason}`);
}

function tooLarge(limit: string, { width, height }: { width: number; height: number }): GradcastError {
  return new GradcastError("frame-side", `Cannot read the picture: ${limit}, got ${width}×${height}`);
}
