/** Several messages in one, for those who watch: each message is sent to hundreds, so each is sent once (W4). */

const BUNDLE_KIND = 3;
const BUNDLE_VERSION = 1;
const HEADER_BYTES = 4;
const PART_HEADER_BYTES = 5;
const TEXT = 0;
const BINARY = 1;

/** Messages of a bundle at most: a frame, its result and the tiles of a map that grew for long. */
export const MAX_BUNDLE_PARTS = 1_024;

/** A message as it goes through a socket. */
export type BundlePart = string | Uint8Array<ArrayBuffer>;

/**
 * Writes a bundle: kind, version, number of parts (uint16), then each part's length (uint32), kind and bytes.
 *
 * @throws RangeError where there are more than {@link MAX_BUNDLE_PARTS} parts
 */
export function encodeBundle(parts: readonly BundlePart[]): Uint8Array<ArrayBuffer> {
  if (parts.length > MAX_BUNDLE_PARTS) {
    throw new RangeError(
      `Cannot bundle the messages: expected at most ${MAX_BUNDLE_PARTS}, got ${parts.length}`,
    );
  }
  const encoder = new TextEncoder();
  const encoded = parts.map((part) => typeof part === "string" ? encoder.encode(part) : part);
  const length = encoded.reduce((sum, { length }) => sum + PART_HEADER_BYTES + length, HEADER_BYTES);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, BUNDLE_KIND);
  view.setUint8(1, BUNDLE_VERSION);
  view.setUint16(2, parts.length, true);
  let at = HEADER_BYTES;
  for (const [place, part] of encoded.entries()) {
    view.setUint32(at, part.length, true);
    view.setUint8(at + 4, typeof parts[place] === "string" ? TEXT : BINARY);
    bytes.set(part, at + PART_HEADER_BYTES);
    at += PART_HEADER_BYTES + part.length;
  }
  return bytes;
}

/**
 * Reads a bundle; binary parts are views into `bytes`, not copies.
 *
 * @throws RangeError where the bytes are no bundle
 */
export function decodeBundle(bytes: Uint8Array<ArrayBuffer>): BundlePart[] {
  if (bytes.length < HEADER_BYTES) throw bundleError(`${HEADER_BYTES} bytes or more`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== BUNDLE_KIND) throw bundleError(`byte 0 to be ${BUNDLE_KIND}`, view.getUint8(0));
  if (view.getUint8(1) !== BUNDLE_VERSION) {
    throw bundleError(`byte 1 to be ${BUNDLE_VERSION}`, view.getUint8(1));
  }
  const count = view.getUint16(2, true);
  if (count > MAX_BUNDLE_PARTS) throw bundleError(`at most ${MAX_BUNDLE_PARTS} parts`, count);
  const decoder = new TextDecoder("utf-8", { fatal: false });
  const parts: BundlePart[] = [];
  let at = HEADER_BYTES;
  for (let place = 0; place < count; place++) {
    if (at + PART_HEADER_BYTES > bytes.length) {
      throw bundleError(`part ${place} to have a header`, bytes.length);
    }
    const length = view.getUint32(at, true);
    const kind = view.getUint8(at + 4);
    const from = at + PART_HEADER_BYTES;
    if (from + length > bytes.length) throw bundleError(`part ${place} to end inside the bundle`, length);
    if (kind !== TEXT && kind !== BINARY) throw bundleError("a part to be text (0) or binary (1)", kind);
    const part = bytes.subarray(from, from + length);
    parts.push(kind === TEXT ? decoder.decode(part) : part);
    at = from + length;
  }
  if (at !== bytes.length) throw bundleError("to end with its last part", bytes.length);
  return parts;
}

function bundleError(wanted: string, value: number): RangeError {
  return new RangeError(`Cannot read the bundle: expected ${wanted}, got ${value}`);
}
