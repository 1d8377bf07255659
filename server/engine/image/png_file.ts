/** PNG as a file: header, chunks with their checksums, the inflated rows. */
import { Buffer } from "node:buffer";
import { crc32, inflateSync } from "node:zlib";
import { readOrientation } from "./exif.ts";
import { type Orientation, UPRIGHT } from "./orient.ts";
import { corrupt, type Header } from "./picture.ts";

/** What the header chunk says. */
export interface PngHeader extends Header {
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: Colour;
  readonly interlaced: boolean;
}

/** Colour types by their numbers, with the samples of one pixel and the depths that go with them. */
const COLOURS = {
  0: { name: "grey", samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { name: "rgb", samples: 3, depths: [8, 16] },
  3: { name: "palette", samples: 1, depths: [1, 2, 4, 8] },
  4: { name: "grey-alpha", samples: 2, depths: [8, 16] },
  6: { name: "rgb-alpha", samples: 4, depths: [8, 16] },
} as const satisfies Record<number, { name: string; samples: number; depths: readonly number[] }>;
export type Colour = typeof COLOURS[keyof typeof COLOURS];

/** A PNG file taken apart. */
export interface PngFile {
  readonly header: PngHeader;
  /** Filter byte and samples of each row, pass by pass. */
  readonly rows: Uint8Array;
  /** `[colours, 3]`, empty without a palette. */
  readonly palette: Uint8Array;
  /** Alpha of each palette entry, or the transparent grey or colour as 16-bit numbers; empty without one. */
  readonly transparency: Uint8Array;
  readonly orientation: Orientation;
}

const SIGNATURE_BYTES = 8;
const CHUNK_FRAME_BYTES = 12;

/** Reads the header chunk, without inflating anything. */
export function readPngHeader(bytes: Uint8Array): PngHeader {
  const { type, data } = chunkAt(bytes, SIGNATURE_BYTES);
  if (type !== "IHDR" || data.byteLength !== 13) {
    throw corrupt("expected a PNG to begin with its header chunk", type);
  }
  const view = new DataView(data.buffer, data.byteOffset);
  const depth = view.getUint8(8);
  const colourType = view.getUint8(9);
  const interlace = view.getUint8(12);
  const colour = (COLOURS as Readonly<Record<number, Colour>>)[colourType];
  if (colour === undefined) throw corrupt("expected a PNG's colour type to be 0, 2, 3, 4 or 6", colourType);
  if (!(colour.depths as readonly number[]).includes(depth)) {
    throw corrupt(
      `expected a ${colour.name} PNG to have ${colour.depths.join(", ")} bits to a sample`,
      depth,
    );
  }
  if (view.getUint8(10) !== 0) throw corrupt("expected a PNG to be compressed in way 0", view.getUint8(10));
  if (view.getUint8(11) !== 0) throw corrupt("expected a PNG to be filtered in way 0", view.getUint8(11));
  if (interlace > 1) throw corrupt("expected a PNG to be interlaced in way 0 or 1", interlace);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    animated: isAnimated(bytes),
    depth,
    colour,
    interlaced: interlace === 1,
  };
}

/** Whether a chunk before the pixels announces several pictures; damage is left to those who read on. */
function isAnimated(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= bytes.byteLength;) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "IDAT") return false;
    if (type === "acTL") return view.getUint32(at + 8) > 1;
    at += CHUNK_FRAME_BYTES + view.getUint32(at);
  }
  return false;
}

/** Takes a file apart; `rowBytes` is how long the inflated rows have to be. */
export function readPngFile(bytes: Uint8Array, rowBytes: (header: PngHeader) => number): PngFile {
  const header = readPngHeader(bytes);
  const packed: Uint8Array[] = [];
  let palette: Uint8Array = new Uint8Array();
  let transparency: Uint8Array = new Uint8Array();
  let orientation: Orientation | null = null;
  for (let at = SIGNATURE_BYTES;;) {
    const { type, data, end } = chunkAt(bytes, at);
    at = end;
    if (type === "IEND") break;
    else if (type === "IDAT") packed.push(data);
    else if (type === "PLTE") palette = data;
    else if (type === "tRNS") transparency = data;
    else if (type === "eXIf") orientation ??= readOrientation(data);
  }
  if (header.colour.name === "palette" && (palette.byteLength === 0 || palette.byteLength % 3 !== 0)) {
    throw corrupt("expected a palette PNG to have three bytes for each colour", palette.byteLength);
  }
  return {
    header,
    rows: inflate(packed, rowBytes(header)),
    palette,
    transparency,
    orientation: orientation ?? UPRIGHT,
  };
}

function chunkAt(
  bytes: Uint8Array,
  at: number,
): { type: string; data: Uint8Array; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + CHUNK_FRAME_BYTES > bytes.byteLength) {
    throw corrupt("expected a PNG to end with its end chunk", "a file that is cut short");
  }
  const length = view.getUint32(at);
  const end = at + CHUNK_FRAME_BYTES + length;
  if (end > bytes.byteLength) throw corrupt(`expected a chunk to end at byte ${end}`, bytes.byteLength);
  const checked = bytes.subarray(at + 4, end - 4);
  const type = String.fromCharCode(...checked.subarray(0, 4));
  if (crc32(checked) !== view.getUint32(end - 4)) {
    throw corrupt("expected a chunk to have its checksum", `wrong in ${type}`);
  }
  return { type, data: checked.subarray(4), end };
}

/** The limit keeps a small file from growing into more than its header says. */
function inflate(packed: readonly Uint8Array[], length: number): Uint8Array {
  let rows: Uint8Array;
  try {
    rows = inflateSync(Buffer.concat(packed), { maxOutputLength: length });
  } catch (cause) {
    throw corrupt("expected its rows to inflate to the size that the header gives", "rows that do not", {
      cause,
    });
  }
  if (rows.byteLength !== length) throw corrupt(`expected its rows to have ${length} bytes`, rows.byteLength);
  return rows;
}
