/** WebP as a file: its sides, and its first picture as a file of its own. */
import { joinBytes } from "../../../shared/bytes.ts";
import { corrupt, type Header, type Size } from "./picture.ts";

/** A WebP taken apart. */
export interface WebpFile extends Header {
  /** Where the first picture lies on the canvas. */
  readonly x: number;
  readonly y: number;
  /** The first picture's own sides. */
  readonly inner: Size;
  /** A file of nothing but the first picture. */
  readonly still: Uint8Array<ArrayBuffer>;
}

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
  /** With its name and length. */
  readonly whole: Uint8Array;
}

const ANIMATED = 0x02;
const HAS_ALPHA = 0x10;
const FRAME_HEAD_BYTES = 16;

/**
 * Takes a file apart.
 *
 * @throws GradcastError `frame-corrupt`
 */
export function readWebp(bytes: Uint8Array): WebpFile {
  const view = viewOf(bytes);
  if (bytes.byteLength < 12) throw cut();
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.byteLength) {
    throw corrupt(`expected a WebP of its length to end at byte ${end}`, bytes.byteLength);
  }
  const chunks = chunksOf(bytes.subarray(12, end));
  const [first] = chunks;
  if (first === undefined) throw cut();
  if (first.name !== "VP8X") {
    const size = sizeOf(first);
    return { ...size, animated: false, x: 0, y: 0, inner: size, still: fileOf([first.whole]) };
  }
  if (first.data.byteLength < 10) throw cut();
  const canvas = { width: 1 + uint24(first.data, 4), height: 1 + uint24(first.data, 7) };
  const animated = ((first.data[0] ?? 0) & ANIMATED) !== 0;
  if (!animated) {
    return { ...canvas, animated, x: 0, y: 0, inner: canvas, still: stillOf(canvas, chunks) };
  }
  const frame = chunks.find(({ name }) => name === "ANMF")?.data;
  if (frame === undefined || frame.byteLength < FRAME_HEAD_BYTES) throw cut();
  const [x, y] = [2 * uint24(frame, 0), 2 * uint24(frame, 3)];
  const inner = { width: 1 + uint24(frame, 6), height: 1 + uint24(frame, 9) };
  if (x + inner.width > canvas.width || y + inner.height > canvas.height) {
    throw corrupt(
      `expected a WebP's pictures to lie on its canvas of ${canvas.width}×${canvas.height}`,
      `${inner.width}×${inner.height} at ${x}, ${y}`,
    );
  }
  const still = stillOf(inner, chunksOf(frame.subarray(FRAME_HEAD_BYTES)));
  return { ...canvas, animated, x, y, inner, still };
}

/** A file of the chunks that hold pixels, whose header says the sides that libwebp holds them to. */
function stillOf({ width, height }: Size, chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const pixels = chunks.find(({ name }) => name === "VP8 " || name === "VP8L");
  if (pixels === undefined) throw cut();
  const size = sizeOf(pixels);
  if (size.width !== width || size.height !== height) {
    throw corrupt(
      `expected a WebP's pixels to have the sides of its header, ${width}×${height}`,
      `${size.width}×${size.height}`,
    );
  }
  const alpha = pixels.name === "VP8 " ? chunks.find(({ name }) => name === "ALPH") : undefined;
  if (alpha === undefined) return fileOf([pixels.whole]);
  const head = new Uint8Array(18);
  head.set([0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, HAS_ALPHA, 0, 0, 0]);
  head.set([(width - 1) & 255, (width - 1) >> 8 & 255, (width - 1) >> 16], 12);
  head.set([(height - 1) & 255, (height - 1) >> 8 & 255, (height - 1) >> 16], 15);
  return fileOf([head, alpha.whole, pixels.whole]);
}

function fileOf(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = joinBytes(chunks);
  const file = new Uint8Array(12 + body.byteLength);
  file.set([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);
  new DataView(file.buffer).setUint32(4, file.byteLength - 8, true);
  file.set(body, 12);
  return file;
}

/** The sides that the pixels' own header gives. */
function sizeOf({ name, data }: Chunk): Size {
  const view = viewOf(data);
  if (name === "VP8 ") {
    if (data.byteLength < 10) throw cut();
    if (uint24(data, 3) !== 0x2a019d) {
      throw corrupt("expected a lossy WebP to begin with its start code", uint24(data, 3));
    }
    return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  }
  if (name === "VP8L") {
    if (data.byteLength < 5) throw cut();
    const bits = view.getUint32(1, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + (bits >>> 14 & 0x3fff) };
  }
  throw corrupt("expected a WebP to begin with its pixels or its header", name);
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength;) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length;
    if (end > bytes.byteLength) throw cut();
    const whole = bytes.subarray(at, Math.min(end + length % 2, bytes.byteLength));
    const name = String.fromCharCode(...whole.subarray(0, 4));
    chunks.push({
      name,
      data: bytes.subarray(at + 8, end),
      whole: length % 2 === 0 ? whole : padded(whole, length),
    });
    at = end + length % 2;
  }
  return chunks;
}

/** A chunk of odd length is followed by a byte of nothing, which some writers leave out at the end. */
function padded(whole: Uint8Array, length: number): Uint8Array {
  if (whole.byteLength === 9 + length) return whole;
  const copy = new Uint8Array(9 + length);
  copy.set(whole);
  return copy;
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function cut(): Error {
  return corrupt("expected a WebP to have its pixels", "a file that is cut short");
}
