/** BMP as a file: its headers, its colours, where its rows lie. */
import { corrupt, type Header } from "./picture.ts";

/** How the rows are packed. */
export type BmpPacking = "plain" | "runs-8" | "runs-4";

/** Bits of one channel within a pixel of 16, 24 or 32 bits. */
export interface Channel {
  /** Place of the lowest bit. */
  readonly shift: number;
  /** Largest value, 0 where there is no such channel. */
  readonly top: number;
}

/** A file taken apart. */
export interface BmpFile extends Header {
  /** Bits of a pixel: 1, 2, 4, 8, 16, 24 or 32. */
  readonly bits: number;
  readonly packing: BmpPacking;
  /** True where the first row is the top one. */
  readonly topDown: boolean;
  /** `[colours, 3]`, empty for 16 bits and more. */
  readonly palette: Uint8Array;
  /** Red, green, blue and alpha, for 16 bits and more. */
  readonly channels: readonly Channel[];
  readonly pixels: Uint8Array;
}

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
/** From this header on the mask of alpha is part of it. */
const ALPHA_HEADER_BYTES = 56;

const PLAIN = 0;
const RUNS_8 = 1;
const RUNS_4 = 2;
const MASKS = 3;
const ALPHA_MASKS = 6;

const FIVE_BITS = [0x7c00, 0x3e0, 0x1f, 0];
const EIGHT_BITS = [0xff0000, 0xff00, 0xff, 0];

/**
 * Takes a file apart, without unpacking anything.
 *
 * @throws GradcastError `frame-corrupt`
 */
export function readBmp(bytes: Uint8Array): BmpFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bytes.byteLength < 18 ? 0 : view.getUint32(14, true);
  const headerEnd = FILE_HEADER_BYTES + header;
  if (header < CORE_HEADER_BYTES || headerEnd > bytes.byteLength) {
    throw corrupt("expected a BMP to have its header", "a file that is cut short");
  }
  const core = header === CORE_HEADER_BYTES;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? PLAIN : view.getUint32(30, true);
  if (width < 0) throw corrupt("expected a BMP to have a width", width);
  const packing = packingOf(compression, bits);
  const masks = masksOf(view, { bits, compression, header });
  const colours = bits > 8 ? 0 : core ? 2 ** bits : view.getUint32(46, true) || 2 ** bits;
  const paletteAt = headerEnd + (header === INFO_HEADER_BYTES ? extraMasks(compression) : 0);
  return {
    width,
    height: Math.abs(height),
    animated: false,
    bits,
    packing,
    topDown: height < 0,
    palette: readPalette(bytes.subarray(paletteAt), Math.min(colours, 2 ** bits), core ? 3 : 4),
    channels: masks.map(channelOf),
    pixels: bytes.subarray(view.getUint32(10, true)),
  };
}

function packingOf(compression: number, bits: number): BmpPacking {
  const known = {
    [PLAIN]: { packing: "plain", bits: [1, 2, 4, 8, 16, 24, 32] },
    [RUNS_8]: { packing: "runs-8", bits: [8] },
    [RUNS_4]: { packing: "runs-4", bits: [4] },
    [MASKS]: { packing: "plain", bits: [16, 32] },
    [ALPHA_MASKS]: { packing: "plain", bits: [16, 32] },
  } as const satisfies Record<number, { packing: BmpPacking; bits: readonly number[] }>;
  const way = new Map(Object.entries(known)).get(String(compression));
  if (way === undefined) throw corrupt("expected a BMP to be packed in way 0, 1, 2, 3 or 6", compression);
  if (!(way.bits as readonly number[]).includes(bits)) {
    throw corrupt(
      `expected a BMP packed in way ${compression} to have ${way.bits.join(", ")} bits to a pixel`,
      bits,
    );
  }
  return way.packing;
}

/** Bytes of masks that follow a header that has no place for them. */
function extraMasks(compression: number): number {
  return compression === MASKS ? 12 : compression === ALPHA_MASKS ? 16 : 0;
}

function masksOf(
  view: DataView,
  { bits, compression, header }: { bits: number; compression: number; header: number },
): readonly number[] {
  if (compression !== MASKS && compression !== ALPHA_MASKS) return bits === 16 ? FIVE_BITS : EIGHT_BITS;
  const withAlpha = compression === ALPHA_MASKS || header >= ALPHA_HEADER_BYTES;
  const at = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  if (view.byteLength < at + 16) {
    throw corrupt("expected a BMP to have its masks", "a file that is cut short");
  }
  const masks = [0, 4, 8].map((offset) => view.getUint32(at + offset, true));
  return [...masks, withAlpha ? view.getUint32(at + 12, true) : 0];
}

function channelOf(mask: number): Channel {
  if (mask === 0) return { shift: 0, top: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, top: mask >>> shift };
}

/** Blue comes first in the file. */
function readPalette(bytes: Uint8Array, colours: number, step: number): Uint8Array {
  if (bytes.length < colours * step) {
    throw corrupt("expected a BMP to have its colours", "a file that is cut short");
  }
  const palette = new Uint8Array(3 * colours);
  for (let colour = 0; colour < colours; colour++) {
    for (let channel = 0; channel < 3; channel++) {
      palette[3 * colour + channel] = bytes[colour * step + 2 - channel] ?? 0;
    }
  }
  return palette;
}
