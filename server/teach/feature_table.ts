/** Features of a collection's pictures, in memory that a worker reads without a copy. */
import type { FeatureRows } from "../heads/mod.ts";

const FLOAT_BYTES = 4;

/** Rows that a table has room for at first. */
const FIRST_ROWS = 64;

/** Rows by the ids of their pictures. */
export class FeatureTable {
  readonly width: number;
  readonly #places = new Map<number, number>();
  #values: Float32Array;

  /** @param rows that there will be at least */
  constructor(width: number, rows = FIRST_ROWS) {
    this.width = width;
    this.#values = sharedFloats(Math.max(rows, 1) * width);
  }

  get size(): number {
    return this.#places.size;
  }

  has(id: number): boolean {
    return this.#places.has(id);
  }

  /** A picture's row, not copied. */
  get(id: number): Float32Array | null {
    const place = this.#places.get(id);
    return place === undefined ? null : this.#row(place);
  }

  /** Writes a picture's row, in place of the one that it had. */
  set(id: number, row: ArrayLike<number>): void {
    const place = this.#places.get(id) ?? this.#places.size;
    if ((place + 1) * this.width > this.#values.length) this.#grow();
    this.#places.set(id, place);
    this.#row(place).set(row);
  }

  /** Rows of some pictures in their order: those of the table itself where they are all of it, otherwise a copy. */
  rows(ids: readonly number[]): FeatureRows {
    const { width } = this;
    const isAll = ids.length === this.#places.size &&
      ids.every((id, place) => this.#places.get(id) === place);
    if (isAll) return { values: this.#values.subarray(0, ids.length * width), width };
    const values = sharedFloats(ids.length * width);
    for (const [place, id] of ids.entries()) values.set(this.get(id) ?? [], place * width);
    return { values, width };
  }

  #row(place: number): Float32Array {
    return this.#values.subarray(place * this.width, (place + 1) * this.width);
  }

  #grow(): void {
    const values = sharedFloats(Math.ceil(1.5 * this.#values.length / this.width) * this.width + this.width);
    values.set(this.#values);
    this.#values = values;
  }
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(FLOAT_BYTES * length));
}
