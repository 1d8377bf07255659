/** Numbers that a seed decides, for doubles. */

/** Numbers 0…1 that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `[length]` numbers from −size to size. */
export function randomArray(random: () => number, length: number, size: number): Float64Array {
  return Float64Array.from({ length }, () => (2 * random() - 1) * size);
}
