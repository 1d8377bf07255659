/** What was computed or read before, kept for the next one who asks. */

/** Keeps at most `size` entries; the one used longest ago is given up first. */
export class LruCache<Key, Value> {
  readonly #size: number;
  readonly #entries = new Map<Key, Value>();

  /** @param size entries that are kept, 1 or more */
  constructor(size: number) {
    this.#size = size;
  }

  /** Finds an entry and counts it as just used; undefined where it is not kept. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#size) return;
      this.#entries.delete(oldest);
    }
  }

  /** Finds an entry, or makes and keeps it. */
  getOrMake(key: Key, make: () => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }
}
