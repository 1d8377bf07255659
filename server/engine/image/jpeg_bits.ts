/** Bits of a JPEG's scan, the highest first; a byte of 255 is followed by a zero that is no data. */
import { corrupt } from "./picture.ts";

/** Reads bits. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #byte = 0;
  #left = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads up to 16 bits as a number. */
  take(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++) {
      if (this.#left === 0) this.#next();
      this.#left--;
      value = value << 1 | (this.#byte >> this.#left & 1);
    }
    return value;
  }

  /** Reads the marker of a restart, and gives its number. */
  restart(): number {
    this.#left = 0;
    while (this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xff) this.#at++;
    const marker = this.#bytes[this.#at] === 0xff ? this.#bytes[this.#at + 1] ?? 0 : 0;
    if (marker < 0xd0 || marker > 0xd7) throw corrupt("expected a restart to have its marker", marker);
    this.#at += 2;
    return marker - 0xd0;
  }

  #next(): void {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
      throw corrupt("expected a scan to have all its codes", "one that ends early");
    }
    this.#at += byte === 0xff ? 2 : 1;
    this.#byte = byte;
    this.#left = 8;
  }
}

/** Writes bits. */
export class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #byte = 0;
  #filled = 0;

  /** @param bytes how many there will be, about */
  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes + 64);
  }

  /** Writes the lowest `count` bits of a number. */
  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#byte = this.#byte << 1 | (value >> bit & 1);
      if (++this.#filled === 8) this.#flush();
    }
  }

  /** Ends the byte and writes the marker of a restart. */
  restart(number: number): void {
    this.#pad();
    this.#push(0xff);
    this.#push(0xd0 + number);
  }

  /** Ends the byte; gives what was written. */
  end(): Uint8Array<ArrayBuffer> {
    this.#pad();
    return this.#bytes.subarray(0, this.#length);
  }

  #pad(): void {
    while (this.#filled > 0) this.put(1, 1);
  }

  #flush(): void {
    this.#push(this.#byte);
    if (this.#byte === 0xff) this.#push(0);
    this.#byte = 0;
    this.#filled = 0;
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
