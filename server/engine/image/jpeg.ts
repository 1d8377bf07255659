/** JPEG: the header read by hand, the pixels by mozjpeg. */
import factory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { corrupt, type Picture, type Size } from "./picture.ts";

/** Scans of a progressive picture; encoders write about ten, a hostile file thousands that each take their time. */
const MAX_SCANS = 100;

/** First warnings of libjpeg that leave every pixel right: a new revision of a header, stuffing at the very end. */
const HARMLESS = /JFIF revision|extraneous bytes before marker 0xd9/u;

const MARKER = 0xff;
const START_OF_SCAN = 0xda;

/** Reads the sides from the frame header, without decoding anything. */
export function readJpegSize(bytes: Uint8Array): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.byteLength;) {
    if (bytes[at] !== MARKER) throw corrupt(`a JPEG segment begins with 255 at byte ${at}`, bytes[at]);
    const code = bytes[at + 1] ?? 0;
    if (code === MARKER) {
      at += 1; // A fill byte.
    } else if (code === 0x01 || (code >= 0xd0 && code <= 0xd8)) {
      at += 2; // A marker that stands alone.
    } else if (isFrameHeader(code)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    } else if (code === START_OF_SCAN) {
      break;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  throw corrupt("a JPEG has a frame header before its pixels", "none");
}

/** SOF0 to SOF15, without the three codes in between that mean tables. */
function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** Decodes a JPEG, turned upright where its EXIF data says how. */
export async function decodeJpeg(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const scans = countScans(bytes);
  if (scans > MAX_SCANS) throw corrupt(`a JPEG may have ${MAX_SCANS} scans`, scans);
  const codec = await (running ??= start());
  codec.warnings.length = 0;
  let image: ImageData | null;
  try {
    image = codec.decode(bytes, true);
  } catch (cause) {
    // libjpeg leaves by way of `exit`: what it had allocated stays, so the next picture gets a fresh instance.
    running = null;
    throw corrupt("libjpeg gave it up", codec.warnings.at(-1) ?? cause, { cause });
  }
  const [warning] = codec.warnings;
  if (image === null) throw corrupt("libjpeg gave nothing", warning);
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

function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(MARKER); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    if (bytes[at + 1] === START_OF_SCAN) scans++;
  }
  return scans;
}

function withoutAlpha(rgba: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
