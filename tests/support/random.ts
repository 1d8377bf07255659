/** Random choices that a seed repeats, and damage done to bytes, texts and JSON. */

/** JSON as a value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Words that programs trip over: names that every object has, numbers that are none, texts that terminals obey. */
const HOSTILE: readonly Json[] = [
  ...["", "constructor", "__proto__", "prototype", "toString", "hasOwnProperty", "valueOf"],
  ...[
    "\0",
    "../../etc/passwd",
    "%00",
    "\u202e\u001b[2J",
    "💥",
    "\ud800",
    "NaN",
    "1e309",
    "[]",
    "x".repeat(300),
  ],
  ...[-1, 0, 0.5, 2 ** 31, 2 ** 53, 1e300, -1e-300],
  ...[null, true, false],
];

/** A generator of random numbers (xorshift32, Marsaglia 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds would begin with nearly the same numbers (finaliser of MurmurHash3, Appleby).
    let mixed = seed >>> 0;
    mixed = Math.imul(mixed ^ mixed >>> 16, 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2_ae35);
    this.#state = (mixed ^ mixed >>> 16) >>> 0 || 1;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return Math.floor(this.#state / 2 ** 32 * end);
  }

  chance(share: number): boolean {
    return this.below(1_000_000) < share * 1_000_000;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  hostile(): Json {
    return structuredClone(this.pick(HOSTILE));
  }

  word(): string {
    return String(this.hostile());
  }

  /** The same value with up to three places damaged. */
  damage(value: Json): Json {
    let damaged = structuredClone(value);
    for (let count = 1 + this.below(3); count > 0; count--) damaged = this.#damageOne(damaged);
    return damaged;
  }

  /** The same bytes with some flipped, cut out, doubled or filled with one value. */
  damageBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const damaged = new Uint8Array(bytes);
    const at = this.below(damaged.length + 1);
    const length = this.below(Math.min(64, damaged.length - at) + 1);
    switch (this.below(5)) {
      case 0:
        return damaged.slice(0, at);
      case 1:
        damaged.fill(this.pick([0, 1, 127, 128, 255]), at, at + length);
        return damaged;
      case 2:
        return new Uint8Array([...damaged.subarray(0, at), ...damaged.subarray(at + length)]);
      case 3:
        return new Uint8Array([...damaged.subarray(0, at + length), ...damaged.subarray(at)]);
      default:
        for (let count = 1 + this.below(8); count > 0; count--) {
          damaged[this.below(damaged.length)] = this.below(256);
        }
        return damaged;
    }
  }

  #damageOne(value: Json): Json {
    if (value === null || typeof value !== "object" || this.chance(0.15)) return this.hostile();
    if (Array.isArray(value)) {
      const place = this.below(value.length + 1);
      const old = value[place];
      if (old === undefined || this.chance(0.3)) {
        return value.toSpliced(
          place,
          this.below(2),
          ...(this.chance(0.5) ? [this.hostile()] : value.slice(0, 3)),
        );
      }
      return value.with(place, this.#damageOne(old));
    }
    const entries = Object.entries(value);
    const place = this.below(entries.length + 1);
    const [name, old] = entries[place] ?? [this.word(), null];
    const act = place === entries.length
      ? "add"
      : this.pick(["add", "take", "damage", "damage", "damage"] as const);
    if (act === "add") entries.push([this.word(), this.hostile()]);
    else if (act === "take") entries.splice(place, 1);
    else entries[place] = [name, this.#damageOne(old)];
    return Object.fromEntries(entries);
  }
}
