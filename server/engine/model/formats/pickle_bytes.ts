/** The bytes of a pickle, read one after the other: numbers, texts and lines as its opcodes have them. */

/** A position in a pickle; every read throws a RangeError where the bytes end before. */
export class PickleBytes {
  readonly #view: DataView<ArrayBuffer>;
  #at: number;

  constructor(bytes: Uint8Array<ArrayBuffer>, start: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  /** Bytes from the beginning to where it reads next. */
  get at(): number {
    return this.#at;
  }

  byte(): number {
    return this.#view.getUint8(this.#at++);
  }

  /** A number without sign, of 1, 4 or 8 bytes. */
  number(bytes: number): number {
    const at = this.#at;
    this.skip(bytes);
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  text(bytes: number): string {
    const from = this.#at;
    this.skip(bytes);
    return this.#decode(from, bytes);
  }

  /** Text to the end of the line, which is left out. */
  line(): string {
    const from = this.#at;
    while (this.byte() !== LINE_END);
    return this.#decode(from, this.#at - 1 - from);
  }

  skip(bytes: number): void {
    if (this.#at + bytes > this.#view.byteLength) throw new RangeError("The pickle is cut off");
    this.#at += bytes;
  }

  #decode(from: number, bytes: number): string {
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + from, bytes));
  }
}

const LINE_END = 0x0a;
