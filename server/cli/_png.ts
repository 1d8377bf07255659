/** Pixels to PNG. */
import { crc32, deflateSync } from "node:zlib";
import type { Picture } from "../engine/mod.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** 8 bits, RGB, the one way of compression and filtering, not interlaced. */
const RGB8 = [8, 2, 0, 0, 0];

/** Row filter "sub": each value as its difference to the pixel before, which packs photos well. */
const SUB = 1;

/** Writes an RGB picture without loss. */
export function encodePng({ width, height, rgb }: Picture): Uint8Array<ArrayBuffer> {
  const stride = 3 * width;
  const rows = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++) {
    const to = row * (stride + 1);
    rows[to] = SUB;
    for (let index = 0; index < stride; index++) {
      const left = index < 3 ? 0 : rgb[row * stride + index - 3] ?? 0;
      rows[to + 1 + index] = (rgb[row * stride + index] ?? 0) - left;
    }
  }
  const header = new Uint8Array([...uint32(width), ...uint32(height), ...RGB8]);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ];
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
