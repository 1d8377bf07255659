/**
 * Numbers that a seed decides, the same on every machine and in every language.
 *
 * Uniform numbers are mulberry32, counted from 0; all arithmetic is of unsigned 32-bit words and wraps:
 *
 *     s   = seed + (i + 1) · 0x6d2b79f5
 *     t   = (s ^ (s >> 15)) · (s | 1)
 *     t   = (t + (t ^ (t >> 7)) · (t | 61)) ^ t
 *     u_i = (t ^ (t >> 14)) / 2³²                               0 ≤ u_i < 1
 *
 * Normal numbers are Box and Muller's, in pairs, computed in float64 and then rounded to float32:
 *
 *     z_2j   = √(−2 · ln(1 − u_2j)) · cos(2π · u_2j+1)
 *     z_2j+1 = √(−2 · ln(1 − u_2j)) · sin(2π · u_2j+1)
 *
 * The n-th number of a flattened array is z_n; where the length is odd, the last sine is left out. The noise of a
 * frame is the flattened `[height, width, 3]` array of z, times σ = level · (max x − min x) of the normalised frame.
 */
import { LruCache } from "../../../../shared/lru_cache.ts";

/** The step of mulberry32's state. */
const STEP = 0x6d2b79f5;

/** The `index`-th uniform number of a seed, from 0 up to but not including 1. */
export function uniform(seed: number, index: number): number {
  const state = (seed + Math.imul(index + 1, STEP)) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** The first `length` normal numbers of a seed, with mean 0 and standard deviation 1. */
export function normals(seed: number, length: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, i)));
    const angle = 2 * Math.PI * uniform(seed, i + 1);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

/** Remembers the normal numbers of the seeds used last: every frame of a stream is given the same noise. */
export class NoiseBank {
  readonly #length: number;
  readonly #kept: LruCache<number, Float32Array>;

  /**
   * @param length numbers per seed
   * @param limit seeds that are remembered at most
   * @param bytes that the remembered numbers may take, but for one seed's
   */
  constructor(length: number, limit: number, bytes: number = Infinity) {
    this.#length = length;
    const fitting = Math.floor(bytes / (length * Float32Array.BYTES_PER_ELEMENT));
    this.#kept = new LruCache(Math.max(1, Math.min(limit, fitting)));
  }

  /** The normal numbers of a seed; they stay the bank's. */
  take(seed: number): Float32Array {
    return this.#kept.getOrMake(seed, () => normals(seed, this.#length));
  }
}
