/** JPEG: the file taken apart by hand, the pixels by mozjpeg. */
import factory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { joinInk, splitInk } from "./jpeg_cmyk.ts";
import { type JpegFile, readJpegFile, writeJpeg } from "./jpeg_file.ts";
import { orient } from "./orient.ts";
import { withoutAlpha } from "../../../shared/resample.ts";
import { corrupt, type Picture } from "./picture.ts";

/** Scans of a progressive picture; encoders write about ten, a hostile file thousands that each take their time. */
const MAX_SCANS = 100;

/**
 * The one warning of libjpeg that leaves every pixel right: stuffing at the very end. libjpeg prints its first warning
 * only, so the files that it reads are written such that no other harmless one can come before a serious one.
 */
const HARMLESS = /extraneous bytes before marker 0xd9/u;

/** Decodes a JPEG, turned upright where its EXIF data says how; CMYK is converted as Pillow does. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  const file = readJpegFile(bytes);
  if (file.scans > MAX_SCANS) throw corrupt(`a JPEG has at most ${MAX_SCANS} scans`, file.scans);
  return orient(await decodeColours(file), file.orientation);
}

async function decodeColours(file: JpegFile): Promise<Picture> {
  if (file.frame.components.length !== 4) return await decodeFile(writeJpeg(file.segments));
  const { coloured, black } = splitInk(file);
  const colours = await decodeFile(writeJpeg(coloured));
  return joinInk(colours, await decodeFile(writeJpeg(black)), file.transform);
}

async function decodeFile(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const codec = await (running ??= start());
  codec.warnings.length = 0;
  let image: ImageData | null;
  try {
    image = codec.decode(bytes, false);
  } catch (cause) {
    // libjpeg leaves by way of `exit`: what it had allocated stays, so the next picture gets a fresh instance.
    running = null;
    throw corrupt("libjpeg could not read it", codec.warnings.at(-1) ?? cause, { cause });
  }
  const [warning] = codec.warnings;
  if (image === null) throw corrupt("libjpeg returned nothing", warning);
  // A picture cut short decodes all the same, its missing part grey: that must not be explained as if it were seen.
  if (warning !== undefined && !HARMLESS.test(warning)) {
    throw corrupt("its data is damaged or cut short", warning);
  }
  return { width: image.width, height: image.height, rgb: withoutAlpha(image.data) };
}

/** A started codec; one call at a time, which is all that JavaScript can make of a synchronous function. */
interface Codec {
  decode(bytes: Uint8Array, upright: boolean): ImageData | null;
  /** What libjpeg had to say on the last picture; it prints its first warning only. */
  readonly warnings: string[];
}

/** The package's factory takes what emscripten takes; its types leave that open. */
type Factory = (settings: {
  noInitialRun: boolean;
  printErr(text: string): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}) => Promise<Pick<Codec, "decode">>;

let compiled: Promise<WebAssembly.Module> | null = null;
let running: Promise<Codec> | null = null;

async function start(): Promise<Codec> {
  compiled ??= Deno.readFile(new URL(import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm")))
    .then((bytes) => WebAssembly.compile(bytes));
  const module = await compiled;
  const warnings: string[] = [];
  const codec = await (factory as Factory)({
    noInitialRun: true,
    printErr: (text) => void warnings.push(text),
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      receive(instance);
      return instance.exports;
    },
  });
  return { decode: (bytes, upright) => codec.decode(bytes, upright), warnings };
}
