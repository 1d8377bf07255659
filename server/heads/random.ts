/**
 * Chance as scikit-learn has it, so that the same seed gives the same tree and the same forest: the Mersenne Twister of NumPy's
 * `RandomState` (Matsumoto and Nishimura 1998) and the xorshift of its trees (Marsaglia 2003).
 */

const SIZE = 624;
const SHIFT = 397;

/** Largest seed. */
export const MAX_SEED = 2 ** 31 - 1;

/** NumPy's `RandomState(seed)`. */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  constructor(seed: number) {
    let value = seed >>> 0;
    for (let at = 0; at < SIZE; at++) {
      this.#state[at] = value;
      value = (Math.imul(1_812_433_253, value ^ (value >>> 30)) + at + 1) >>> 0;
    }
  }

  /** A whole number, 0…2³² − 1. */
  next(): number {
    if (this.#at === SIZE) this.#refill();
    let value = this.#state[this.#at++] ?? 0;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    value ^= value >>> 18;
    return value >>> 0;
  }

  /** A whole number below `limit` (1…2³¹), as `randint(0, limit)` draws it. */
  below(limit: number): number {
    if (limit <= 1) return 0;
    const mask = 2 ** (32 - Math.clz32(limit - 1)) - 1;
    for (;;) {
      const value = (this.next() & mask) >>> 0;
      if (value < limit) return value;
    }
  }

  /** Brings places into a random order, in place (Fisher and Yates). */
  shuffle(places: Int32Array): void {
    for (let last = places.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = places[last] ?? 0;
      places[last] = places[other] ?? 0;
      places[other] = kept;
    }
  }

  #refill(): void {
    const state = this.#state;
    for (let at = 0; at < SIZE; at++) {
      const joined = ((state[at] ?? 0) & 0x80000000) | ((state[(at + 1) % SIZE] ?? 0) & 0x7fffffff);
      const turned = (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
      state[at] = (state[(at + SHIFT) % SIZE] ?? 0) ^ turned;
    }
    this.#at = 0;
  }
}

/** The generator by which a tree of scikit-learn draws its features. */
export class XorShift {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number, 0…limit − 1. */
  below(limit: number): number {
    let value = this.#state || 1;
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    this.#state = value >>> 0;
    return (this.#state % 2 ** 31) % limit;
  }
}
