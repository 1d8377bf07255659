/** Pixels to PNG: pictures in full colour, and maps as indexes into a colour table with transparency. */
import { crc32, deflateSync } from "node:zlib";
import type { Picture } from "../engine/mod.ts";
import { filterRows } from "./_png_filter.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bits per sample, colour type, then the one way of compression and filtering, not interlaced. */
const RGB8 = [8, 2, 0, 0, 0];
const INDEXED8 = [8, 3, 0, 0, 0];

/** Bytes of a pixel. */
const RGB_BYTES = 3;
const INDEX_BYTES = 1;

/** A picture of at most 256 colours. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` places in the colour table. */
  readonly indexes: Uint8Array;
  /** `[colours, 3]` red, green and blue, 0…255. */
  readonly colours: Uint8Array;
  /** `[colours]` opacity, 0…255. */
  readonly opacity: Uint8Array;
}

/** Writes an RGB picture without loss. */
export function encodePng({ width, height, rgb }: Picture): Uint8Array<ArrayBuffer> {
  return fileOf([
    chunk("IHDR", new Uint8Array([...uint32(width), ...uint32(height), ...RGB8])),
    chunk("IDAT", deflateSync(filterRows(rgb, width * RGB_BYTES, RGB_BYTES))),
  ]);
}

/** Writes a picture of few colours, each with its opacity. */
export function encodeIndexedPng(
  { width, height, indexes, colours, opacity }: IndexedPicture,
): Uint8Array<ArrayBuffer> {
  return fileOf([
    chunk("IHDR", new Uint8Array([...uint32(width), ...uint32(height), ...INDEXED8])),
    chunk("PLTE", colours),
    chunk("tRNS", opacity),
    chunk("IDAT", deflateSync(filterRows(indexes, width * INDEX_BYTES, INDEX_BYTES))),
  ]);
}

function fileOf(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts = [Uint8Array.from(SIGNATURE), ...chunks, chunk("IEND", new Uint8Array())];
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = new Uint8Array(4 + data.length);
  body.set(new TextEncoder().encode(type));
  body.set(data, 4);
  const whole = new Uint8Array(body.length + 8);
  whole.set(uint32(data.length));
  whole.set(body, 4);
  whole.set(uint32(crc32(body)), body.length + 4);
  return whole;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
