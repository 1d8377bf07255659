/** GIF: the first picture of it, by hand. */
import { joinBytes } from "../../../shared/bytes.ts";
import { unpackLzw } from "./lzw.ts";
import { corrupt, type Header, type Picture, WHITE } from "./picture.ts";

/** The first picture as the file describes it. */
interface GifFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** `[colours, 3]` */
  readonly palette: Uint8Array;
  /** The value that shows nothing, or null. */
  readonly transparent: number | null;
  readonly bits: number;
  readonly packed: Uint8Array;
}

interface GifFile extends Header {
  readonly frame: GifFrame;
}

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const END = 0x3b;
const CONTROL = 0xf9;

/** Rows of an interlaced picture: first row and step of each pass. */
const PASSES = [[0, 8], [4, 8], [2, 4], [1, 2]] as const;

/** Reads the sides and whether it moves, without unpacking anything. */
export function readGifHeader(bytes: Uint8Array): Header {
  return readGif(bytes);
}

/** Decodes the first picture; what it leaves free or transparent shows white. */
export function decodeGif(bytes: Uint8Array): Picture {
  const { width, height, frame } = readGif(bytes);
  const rgb = new Uint8Array(width * height * 3).fill(WHITE);
  const values = unpackLzw(frame.packed, frame.bits, frame.width * frame.height);
  for (const [line, row] of rowsOf(frame).entries()) {
    for (let column = 0; column < frame.width; column++) {
      const value = values[line * frame.width + column] ?? 0;
      if (value === frame.transparent) continue;
      const to = 3 * ((frame.y + row) * width + frame.x + column);
      for (let channel = 0; channel < 3; channel++) {
        rgb[to + channel] = frame.palette[3 * value + channel] ?? 0;
      }
    }
  }
  return { width, height, rgb };
}

/** Where each packed row belongs. */
function rowsOf({ height, interlaced }: GifFrame): readonly number[] {
  const passes = interlaced ? PASSES : [[0, 1]] as const;
  return passes.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, row) => first + row * step)
  );
}

function readGif(bytes: Uint8Array): GifFile {
  const reader = new Reader(bytes, 6);
  const screen = { width: reader.uint16(), height: reader.uint16() };
  const flags = reader.byte();
  reader.skip(2);
  const common = reader.palette(flags);
  let transparent: number | null = null;
  let frame: GifFrame | null = null;
  for (;;) {
    // A file without an end has all of its first picture, or the reader would have thrown.
    const block = frame !== null && reader.ended ? END : reader.byte();
    if (block === END) break;
    if (block === EXTENSION) {
      const label = reader.byte();
      const data = reader.blocks(frame === null);
      if (label === CONTROL && frame === null && data.length >= 4) {
        transparent = ((data[0] ?? 0) & 1) === 0 ? null : data[3] ?? 0;
      }
    } else if (block === IMAGE && frame === null) frame = readFrame(reader, common, transparent);
    else if (block === IMAGE) return fileOf(screen, frame, true);
    else if (frame !== null) break; // What follows the first picture need not be whole.
    else throw corrupt("expected a GIF to be made of blocks that begin with 33, 44 or 59", block);
  }
  return fileOf(screen, frame, false);
}

/** A first picture that is larger than the screen makes that larger. */
function fileOf(
  screen: { width: number; height: number },
  frame: GifFrame | null,
  animated: boolean,
): GifFile {
  if (frame === null) throw corrupt("expected a GIF to have a picture", "none");
  return {
    width: Math.max(screen.width, frame.x + frame.width),
    height: Math.max(screen.height, frame.y + frame.height),
    animated,
    frame,
  };
}

function readFrame(reader: Reader, common: Uint8Array, transparent: number | null): GifFrame {
  const [x, y, width, height] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  const flags = reader.byte();
  const own = reader.palette(flags);
  const palette = own.length > 0 ? own : common;
  if (palette.length === 0) throw corrupt("expected a GIF to have its colours", "none");
  const bits = reader.byte();
  const packed = reader.blocks(true);
  return { x, y, width, height, interlaced: (flags & 0x40) !== 0, palette, transparent, bits, packed };
}

/** Reads on from a place; throws where the bytes end. */
class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) {
      throw corrupt("expected a GIF to have its first picture", "a file that is cut short");
    }
    return value;
  }

  uint16(): number {
    return this.byte() | this.byte() << 8;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** The colours that a descriptor's flags announce. */
  palette(flags: number): Uint8Array {
    const length = (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
    const colours = this.#bytes.subarray(this.#at, this.#at + length);
    if (colours.length < length) {
      throw corrupt("expected a GIF to have its colours", "a file that is cut short");
    }
    this.#at += length;
    return colours;
  }

  /** Data in pieces of up to 255 bytes; `whole` = it has to be there to its end. */
  blocks(whole: boolean): Uint8Array {
    const parts: Uint8Array[] = [];
    while (whole || !this.ended) {
      const length = this.byte();
      if (length === 0) break;
      parts.push(this.#bytes.subarray(this.#at, this.#at + length));
      if (whole && this.#at + length > this.#bytes.length) {
        throw corrupt("expected a GIF to have its first picture", "a file that is cut short");
      }
      this.#at += length;
    }
    return joinBytes(parts);
  }
}
