/** Answers that are kept for the next one who asks, the ones asked for longest ago given up first. */

/** A map of at most `size` entries. */
export class Kept<Value> {
  readonly #size: number;
  readonly #entries = new Map<string, Value>();

  /** `size`: entries that are kept, 1 or more. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Finds an entry and counts it as just used; undefined where it is not kept. */
  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#size) return;
      this.#entries.delete(oldest);
    }
  }
}
