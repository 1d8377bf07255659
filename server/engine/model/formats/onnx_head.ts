/** Recognises the protobuf of an ONNX model by its first fields, without decoding it. */

/** Fields of ModelProto that come before the graph: number and wire type (0 a number, 2 bytes). */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 0],
  [6, 2],
  [7, 2],
  [8, 2],
  [14, 2],
  [20, 2],
  [25, 2],
  [26, 2],
]);

const GRAPH = 7;
const VERSION = 1;
const MAX_VERSION = 100;

/**
 * Reports whether a file begins as ONNX does: an early version number, then fields of a model only, each inside the
 * file.
 *
 * @param head the file's first bytes
 * @param bytes of the whole file
 */
export function isOnnx(head: Uint8Array, bytes: number): boolean {
  let at = 0;
  let version = false;
  while (at < Math.min(head.length, bytes)) {
    const tag = varint(head, at);
    if (tag === null) return version;
    const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (FIELDS.get(field) !== wire) return false;
    const value = varint(head, tag.end);
    if (value === null) return version;
    if (field === VERSION) {
      if (value.value < 1 || value.value > MAX_VERSION) return false;
      version = true;
    }
    at = wire === 0 ? value.end : value.end + value.value;
    // A file that was cut off is one as well: its reader says so.
    if (field === GRAPH) return version || at <= bytes;
    if (at > bytes) return false;
  }
  return version && bytes > 2;
}

function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = from, factor = 1; at < bytes.length && at < from + 10; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  return null;
}
