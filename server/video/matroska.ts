/** A stream of bare pictures with times, as ffmpeg reads it from a pipe: Matroska (RFC 9559). Pure. */
import { joinBytes } from "../../shared/bytes.ts";

/** Ids of the elements that are written. */
const EBML = 0x1a45dfa3,
  DOC_TYPE = 0x4282,
  SEGMENT = 0x18538067,
  INFO = 0x1549a966,
  TIMESTAMP_SCALE = 0x2ad7b1;
const TRACKS = 0x1654ae6b, TRACK = 0xae, NUMBER = 0xd7, UID = 0x73c5, TYPE = 0x83, CODEC = 0x86;
const VIDEO = 0xe0, WIDTH = 0xb0, HEIGHT = 0xba, FOURCC = 0x2eb524;
const CLUSTER = 0x1f43b675, TIMESTAMP = 0xe7, GROUP = 0xa0, BLOCK = 0xa1, DURATION = 0x9b;

/** Ticks of the stream's clock in a second. */
const TICKS = 1_000_000;

/** Nanoseconds of a tick. */
const TICK_NS = 1_000_000_000 / TICKS;

/** An element of unknown size, as a stream has: it ends with its file. */
const ENDLESS = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

const KIND_VIDEO = 1;
const encoder = new TextEncoder();

/** The beginning of a stream of pictures, red, green and blue, row by row; sides in pixels. */
export function matroskaHead(
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const head = element(EBML, element(DOC_TYPE, encoder.encode("matroska")));
  const info = element(INFO, element(TIMESTAMP_SCALE, whole(TICK_NS)));
  const pixels = element(
    VIDEO,
    element(WIDTH, whole(width)),
    element(HEIGHT, whole(height)),
    element(FOURCC, Uint8Array.of(0x52, 0x47, 0x42, 0x18)),
  );
  const track = element(
    TRACK,
    ...[element(NUMBER, whole(1)), element(UID, whole(1)), element(TYPE, whole(KIND_VIDEO))],
    element(CODEC, encoder.encode("V_UNCOMPRESSED")),
    pixels,
  );
  return joinBytes([head, idBytes(SEGMENT), ENDLESS, info, element(TRACKS, track)]);
}

/** What stands before the bytes of one picture, `bytes` long; times in s. */
export function pictureHead(seconds: number, durationS: number, bytes: number): Uint8Array {
  const timestamp = element(TIMESTAMP, whole(Math.round(seconds * TICKS)));
  const duration = element(DURATION, whole(Math.max(1, Math.round(durationS * TICKS))));
  // Track 1, at the cluster's own time, no flags.
  const blockHead = Uint8Array.of(0x81, 0, 0, 0);
  const block = joinBytes([idBytes(BLOCK), size(blockHead.length + bytes), blockHead]);
  const group = joinBytes([idBytes(GROUP), size(duration.length + block.length + bytes), duration, block]);
  return joinBytes([idBytes(CLUSTER), size(timestamp.length + group.length + bytes), timestamp, group]);
}

function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([idBytes(id), size(length), ...parts]);
}

/** An id is written as it stands: its first bit says how long it is. */
function idBytes(id: number): Uint8Array {
  return whole(id);
}

/** A length of eight bytes. */
function size(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, (1n << 56n) | BigInt(length));
  return bytes;
}

/** A whole number in as few bytes as hold it, the first one in front. */
function whole(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Uint8Array.from(bytes);
}
