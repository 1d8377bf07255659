/** JPEG as a file: its segments, its frame header, and a copy that holds nothing but the picture. */
import { joinBytes } from "../../../shared/bytes.ts";
import { readOrientation } from "./exif.ts";
import { type Orientation, UPRIGHT } from "./orient.ts";
import { corrupt, type Size } from "./picture.ts";

/** The second byte of a marker. */
export const MARKER = {
  restart: 0xd0,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  huffman: 0xc4,
  restartInterval: 0xdd,
  jfif: 0xe0,
  exif: 0xe1,
  adobe: 0xee,
  comment: 0xfe,
} as const;

/** A piece of the file that has a length, with the pixels' data behind it where it begins a scan. */
export interface Segment {
  readonly code: number;
  /** What follows the length. */
  readonly data: Uint8Array;
  /** Entropy-coded data of a scan; empty for everything else. */
  readonly entropy: Uint8Array;
}

/** One colour channel as the frame header lists it. */
export interface Component {
  readonly id: number;
  /** Sampling factors across and down. */
  readonly across: number;
  readonly down: number;
}

/** What the frame header says. */
export interface JpegFrame extends Size {
  /** SOF0 to SOF15. */
  readonly code: number;
  readonly components: readonly Component[];
}

/** A file taken apart. */
export interface JpegFile {
  readonly frame: JpegFrame;
  readonly orientation: Orientation;
  readonly scans: number;
  /** Colour transform that Adobe's marker names (0 = none), or null without that marker. */
  readonly transform: number | null;
  /** What the pixels depend on, in the file's order, without start and end. */
  readonly segments: readonly Segment[];
}

const NONE = new Uint8Array();

/** Reads the frame header, without looking at what follows it. */
export function readJpegSize(bytes: Uint8Array): JpegFrame {
  for (const { code, data } of segmentsOf(bytes)) {
    if (isFrameHeader(code)) return readFrame(code, data);
    if (code === MARKER.scan) break;
  }
  throw noFrame();
}

/**
 * Takes a file apart up to its end marker; what lies behind it (the video of a motion photo, a second picture)
 * belongs to other readers.
 *
 * @throws GradcastError `frame-corrupt` where the end marker or the frame header is missing
 */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  const segments: Segment[] = [];
  let frame: JpegFrame | null = null;
  let orientation: Orientation | null = null;
  let transform: number | null = null;
  let scans = 0;
  for (const segment of segmentsOf(bytes)) {
    const { code, data, entropy } = segment;
    if (code === MARKER.scan) {
      if (frame === null) throw noFrame();
      scans++;
      segments.push({ code, data: wholeSpectrum(frame, data), entropy });
    } else if (isFrameHeader(code)) {
      frame ??= readFrame(code, data);
      segments.push(segment);
    } else if (code === MARKER.jfif && startsWith(data, "JFIF\0")) segments.push(JFIF);
    else if (code === MARKER.exif && startsWith(data, "Exif\0")) {
      orientation ??= readOrientation(data.subarray(6));
    } else if (code === MARKER.adobe && startsWith(data, "Adobe") && data.length >= 12) {
      transform = data[11] ?? 0;
      // Any transform but none means YCbCr to libjpeg, which warns of the numbers that it does not know.
      segments.push({ ...segment, data: Uint8Array.of(...data.subarray(0, 11), Math.min(transform, 1)) });
    } else if (!isApplications(code)) segments.push(segment);
  }
  if (frame === null) throw noFrame();
  return { frame, orientation: orientation ?? UPRIGHT, scans, transform, segments };
}

/** Writes a file of these segments. */
export function writeJpeg(segments: readonly Segment[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, MARKER.start)];
  for (const { code, data, entropy } of segments) {
    const length = data.length + 2;
    parts.push(Uint8Array.of(0xff, code, length >> 8, length & 0xff), data, entropy);
  }
  parts.push(Uint8Array.of(0xff, MARKER.end));
  return joinBytes(parts);
}

/** A header of revision 1.02: a later one says the same about colours, and libjpeg warns of it. */
const JFIF: Segment = {
  code: MARKER.jfif,
  data: Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0),
  entropy: NONE,
};

/** Walks over the segments; ends at the end marker, throws where the bytes end before it. */
function* segmentsOf(bytes: Uint8Array): Generator<Segment, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 2 <= bytes.byteLength;) {
    if (bytes[at] !== 0xff) {
      throw corrupt(`expected a JPEG segment to begin with 255 at byte ${at}`, bytes[at]);
    }
    const code = bytes[at + 1] ?? 0;
    if (code === MARKER.end) return;
    if (code === 0xff) {
      at += 1; // A fill byte.
    } else if (code === 0x01 || (code >= MARKER.restart && code < MARKER.start)) {
      at += 2; // A marker that stands alone.
    } else {
      if (at + 4 > bytes.byteLength) break;
      const end = at + 2 + view.getUint16(at + 2);
      if (end < at + 4 || end > bytes.byteLength) break;
      const data = bytes.subarray(at + 4, end);
      at = code === MARKER.scan ? endOfEntropy(bytes, end) : end;
      yield { code, data, entropy: code === MARKER.scan ? bytes.subarray(end, at) : NONE };
    }
  }
  throw corrupt("expected a JPEG to end with its end marker", "a file that is cut short");
}

/** Finds the marker that ends a scan: neither a stuffed 255 nor a restart. */
function endOfEntropy(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1] ?? 0;
    const inside = code === 0 || code === 0xff || (code >= MARKER.restart && code < MARKER.start);
    if (!inside) return at;
  }
  return bytes.byteLength;
}

function readFrame(code: number, data: Uint8Array): JpegFrame {
  const count = data[5] ?? 0;
  if (data.length < 6 + 3 * count) {
    throw corrupt(`expected a frame header of ${count} channels to have ${6 + 3 * count} bytes`, data.length);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const components = Array.from({ length: count }, (_, index) => {
    const sampling = data[7 + 3 * index] ?? 0;
    return { id: data[6 + 3 * index] ?? 0, across: sampling >> 4, down: sampling & 15 };
  });
  return { code, height: view.getUint16(1), width: view.getUint16(3), components };
}

/**
 * A sequential scan holds all 64 frequencies; some writers leave zeros where the header says so, which every viewer
 * overlooks.
 */
function wholeSpectrum({ code }: JpegFrame, data: Uint8Array): Uint8Array {
  if (isProgressive(code) || data.length < 3) return data;
  const whole = data.slice();
  whole.set([0, 63, 0], whole.length - 3);
  return whole;
}

/** Whether the frequencies come in several scans. */
export function isProgressive(code: number): boolean {
  return code === 0xc2 || code === 0xc6 || code === 0xca || code === 0xce;
}

/** SOF0 to SOF15, without the three codes in between that mean tables. */
export function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== MARKER.huffman && code !== 0xc8 && code !== 0xcc;
}

/** Segments for applications and comments, which say nothing about the pixels. */
function isApplications(code: number): boolean {
  return (code >= 0xe0 && code <= 0xef) || code === MARKER.comment;
}

function startsWith(data: Uint8Array, text: string): boolean {
  return [...text].every((character, at) => data[at] === character.charCodeAt(0));
}

function noFrame(): Error {
  return corrupt("expected a JPEG to have a frame header before its pixels", "none");
}
