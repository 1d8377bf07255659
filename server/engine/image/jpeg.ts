/** JPEG: the file taken apart by hand, the pixels by mozjpeg. */
import factory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { withoutAlpha } from "../../../shared/resample.ts";
import { joinInk, splitInk } from "./jpeg_cmyk.ts";
import { type JpegFile, readJpegFile, writeJpeg } from "./jpeg_file.ts";
import { orient } from "./orient.ts";
import { corrupt, type Picture } from "./picture.ts";
import { WasmCodec } from "./wasm_codec.ts";

/** Scans of a progressive picture; encoders write about ten, a hostile file thousands that each take their time. */
const MAX_SCANS = 100;

/**
 * The one warning of libjpeg that leaves every pixel right: stuffing at the very end. libjpeg prints its first warning
 * only, so the files that it reads are written such that no other harmless one can come before a serious one.
 */
const HARMLESS = /extraneous bytes before marker 0xd9/u;

const MOZJPEG = new WasmCodec<{ decode(bytes: Uint8Array, upright: boolean): ImageData | null }>(
  factory,
  import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
);

/** Decodes a JPEG, turned upright where its EXIF data says how; CMYK is converted as Pillow does. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  const file = readJpegFile(bytes);
  if (file.scans > MAX_SCANS) throw corrupt(`expected a JPEG to have at most ${MAX_SCANS} scans`, file.scans);
  return orient(await decodeColours(file), file.orientation);
}

async function decodeColours(file: JpegFile): Promise<Picture> {
  const { width, height, components } = file.frame;
  const pixels = width * height;
  if (components.length !== 4) return await decodeFile(writeJpeg(file.segments), pixels);
  const { coloured, black } = splitInk(file);
  const colours = await decodeFile(writeJpeg(coloured), pixels);
  return joinInk(colours, await decodeFile(writeJpeg(black), pixels), file.transform);
}

async function decodeFile(bytes: Uint8Array<ArrayBuffer>, pixels: number): Promise<Picture> {
  const { decoder, warnings } = await MOZJPEG.start(pixels);
  let image: ImageData | null;
  try {
    image = decoder.decode(bytes, false);
  } catch (cause) {
    // libjpeg leaves by way of `exit`: what it had allocated stays, so the next picture gets a fresh instance.
    MOZJPEG.drop();
    throw corrupt("expected data that libjpeg can read", "damaged data", {
      cause: new Error(warnings.at(-1) ?? "libjpeg failed without a word", { cause }),
    });
  } finally {
    MOZJPEG.settle();
  }
  const [warning] = warnings;
  if (image === null) throw corrupt("expected libjpeg to return a picture", "none");
  // A picture cut short decodes all the same, its missing part grey: that must not be explained as if it were seen.
  if (warning !== undefined && !HARMLESS.test(warning)) {
    throw corrupt("expected data that is whole", "some that is damaged or cut short");
  }
  return { width: image.width, height: image.height, rgb: withoutAlpha(image.data) };
}
