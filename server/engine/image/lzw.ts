/** LZW as GIF packs with it: codes that grow from a few bits to twelve. */
import { corrupt } from "./picture.ts";

const MOST_CODES = 4096;

/**
 * Unpacks `length` values; more that may follow are left alone.
 *
 * @param bits of a value, 2 to 8
 * @throws GradcastError `frame-corrupt` where the data ends early or is none
 */
export function unpackLzw(packed: Uint8Array, bits: number, length: number): Uint8Array {
  if (bits < 1 || bits > 8) throw corrupt("expected a GIF's values to have 1 to 8 bits", bits);
  const clear = 1 << bits;
  const end = clear + 1;
  const values = new Uint8Array(length);
  /** Of each code: the code without its last value, that value, how many values it stands for. */
  const before = new Uint16Array(MOST_CODES);
  const last = new Uint8Array(MOST_CODES);
  const sizes = new Uint16Array(MOST_CODES);
  for (let code = 0; code < clear; code++) {
    last[code] = code;
    sizes[code] = 1;
  }
  let next = end + 1;
  let width = bits + 1;
  let previous = -1;
  let bit = 0;
  let to = 0;
  while (to < length) {
    if (bit + width > 8 * packed.length) {
      throw corrupt(`expected a GIF's picture to have ${length} values`, to);
    }
    const code = codeAt(packed, bit, width);
    bit += width;
    if (code === end) throw corrupt(`expected a GIF's picture to have ${length} values`, to);
    if (code === clear) {
      width = bits + 1;
      next = end + 1;
      previous = -1;
      continue;
    }
    const known = code < next;
    if (!known && (previous < 0 || code !== next)) {
      throw corrupt("expected a GIF's codes to be made before they are used", code);
    }
    // A code that is made by this very step repeats the step before and its first value.
    const size = known ? sizes[code] ?? 0 : (sizes[previous] ?? 0) + 1;
    const from = known ? code : previous;
    let first = 0;
    for (let at = to + (known ? size : size - 1) - 1, one = from; at >= to; at--) {
      first = last[one] ?? 0;
      if (at < length) values[at] = first;
      one = before[one] ?? 0;
    }
    if (!known && to + size - 1 < length) values[to + size - 1] = first;
    to += size;
    if (previous >= 0 && next < MOST_CODES) {
      before[next] = previous;
      last[next] = first;
      sizes[next] = (sizes[previous] ?? 0) + 1;
      next++;
      if (next === 1 << width && width < 12) width++;
    }
    previous = code;
  }
  return values;
}

/** The lowest bits come first. */
function codeAt(packed: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3;
  const three = (packed[at] ?? 0) | (packed[at + 1] ?? 0) << 8 | (packed[at + 2] ?? 0) << 16;
  return three >> (bit & 7) & ((1 << width) - 1);
}
