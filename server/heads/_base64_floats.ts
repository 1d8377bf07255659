/** 32-bit floats, little-endian, as base64. */

/** Bytes that are turned at once: three times a whole number, so that parts can be joined. */
const PART = 3 * 4_096;

/** Writes numbers as base64. */
export function floatsToBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < values.length; at++) view.setFloat32(at * 4, values[at] ?? 0, true);
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += PART) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(from, from + PART))));
  }
  return parts.join("");
}

/**
 * Reads numbers from base64.
 *
 * @throws RangeError where it is none, or holds no whole number of floats
 */
export function base64ToFloats(text: string): Float32Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new RangeError("Cannot read numbers: expected base64, got something else", { cause });
  }
  if (binary.length % 4 !== 0) {
    throw new RangeError(`Cannot read numbers: expected a multiple of 4 bytes, got ${binary.length}`);
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(binary.length / 4);
  for (let at = 0; at < values.length; at++) values[at] = view.getFloat32(at * 4, true);
  return values;
}
