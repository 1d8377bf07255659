/**
 * A file that is written bit by bit and read when it is finished: full segments go to a store, the last one waits in
 * memory. What the store refuses stays in memory too, so that a full disk loses nothing.
 */

/** Bytes of a segment: what a recording holds in memory at most while the store takes them. */
export const SEGMENT_BYTES = 1_000_000;

/** Where segments are stored. */
export interface SegmentStore {
  /** Stores a segment, which comes in pieces, and returns it as a part of a file. */
  put(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<Blob>;
  /** Removes everything. */
  remove(): Promise<void>;
}

/** Bytes that replace others when the file is put together. */
interface Patch {
  readonly position: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What is written, as mediabunny's `StreamTarget` hands it over. */
export interface Written {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly position: number;
}

/** The file; only one write at a time. */
export class SegmentedFile {
  readonly #store: SegmentStore;
  readonly #onFull: () => void;
  #parts: Blob[] = [];
  #segment: Uint8Array<ArrayBuffer>[] = [];
  #segmentBytes = 0;
  #size = 0;
  #patches: Patch[] = [];
  #full = false;

  /** `onFull`: called once, when the store takes nothing more. */
  constructor(store: SegmentStore, onFull: () => void) {
    this.#store = store;
    this.#onFull = onFull;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Writes at the end, or over what is there.
   *
   * @throws RangeError where a gap would be left
   */
  async write({ data, position }: Written): Promise<void> {
    if (position > this.#size) {
      throw new RangeError(`Cannot write the file: expected a position up to ${this.#size}, got ${position}`);
    }
    const over = Math.min(data.length, this.#size - position);
    if (over > 0) this.#patches.push({ position, data: data.slice(0, over) });
    if (over === data.length) return;
    // The caller may use its buffer again.
    const added = data.slice(over);
    this.#segment.push(added);
    this.#segmentBytes += added.length;
    this.#size += added.length;
    if (this.#segmentBytes >= SEGMENT_BYTES) await this.#flush();
  }

  /** Puts the file together; nothing may be written afterwards. */
  finish(type: string): Blob {
    const whole = new Blob([...this.#parts, ...this.#segment], { type });
    return this.#patches.reduce(
      (file, { position, data }) =>
        new Blob([file.slice(0, position), data, file.slice(position + data.length)], { type }),
      whole,
    );
  }

  remove(): Promise<void> {
    return this.#store.remove();
  }

  async #flush(): Promise<void> {
    const pieces = this.#segment;
    this.#segment = [];
    this.#segmentBytes = 0;
    this.#parts.push(this.#full ? new Blob(pieces) : await this.#put(pieces));
  }

  async #put(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<Blob> {
    try {
      return await this.#store.put(pieces);
    } catch {
      this.#full = true;
      this.#onFull();
      return new Blob([...pieces]);
    }
  }
}
