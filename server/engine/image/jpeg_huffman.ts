/** Huffman tables of a JPEG. */
import type { BitReader } from "./jpeg_bits.ts";
import { corrupt } from "./picture.ts";

/** A code as it was read, with the value that it stands for. */
export interface HuffmanCode {
  readonly code: number;
  /** In bits, 1 to 16. */
  readonly length: number;
  readonly value: number;
}

const LONGEST = 16;

/** One table: canonical codes of 1 to 16 bits. */
export class HuffmanTable {
  /** For each number of bits: the first code, the place of its value, how many there are. */
  readonly #first: number[] = [0];
  readonly #place: number[] = [0];
  readonly #counts: readonly number[];
  readonly #values: Uint8Array;

  constructor(counts: Uint8Array, values: Uint8Array) {
    this.#counts = [0, ...counts];
    this.#values = values;
    for (let length = 1, code = 0, place = 0; length <= LONGEST; length++) {
      const count = this.#counts[length] ?? 0;
      this.#first.push(code);
      this.#place.push(place);
      if (code + count > 2 ** length) {
        throw corrupt(`expected a Huffman table to have room for its codes of ${length} bits`, count);
      }
      code = (code + count) << 1;
      place += count;
    }
  }

  /** Reads one code. */
  read(reader: BitReader): HuffmanCode {
    for (let length = 1, code = 0; length <= LONGEST; length++) {
      code = code << 1 | reader.take(1);
      const index = code - (this.#first[length] ?? 0);
      if (index >= 0 && index < (this.#counts[length] ?? 0)) {
        return { code, length, value: this.#values[(this.#place[length] ?? 0) + index] ?? 0 };
      }
    }
    throw corrupt("expected its data to be made of codes of its tables", "another code");
  }
}

/** Reads the tables of a segment into the maps of their kind. */
export function readTables(
  data: Uint8Array,
  { dc, ac }: { dc: Map<number, HuffmanTable>; ac: Map<number, HuffmanTable> },
): void {
  for (let at = 0; at < data.length;) {
    const head = data[at] ?? 0;
    const counts = data.subarray(at + 1, at + 1 + LONGEST);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const end = at + 1 + LONGEST + total;
    if (end > data.length) throw corrupt(`expected a Huffman table to end at byte ${end}`, data.length);
    (head >> 4 === 0 ? dc : ac).set(head & 15, new HuffmanTable(counts, data.subarray(end - total, end)));
    at = end;
  }
}
