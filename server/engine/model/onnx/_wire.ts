/** Protocol Buffers as they lie in memory: nothing is copied, and nothing is read beyond the end. */

const TEXT = new TextDecoder();

/** Bits that a varint of 64 bits takes at most, in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** Numbers that a list of an attribute or of shape arithmetic may have. */
export const MAX_LIST = 2 ** 20;
export const MAX_SIDES = 16;

/** The fields of one message, one after the other. */
export class Fields {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at: number;
  readonly #end: number;
  /** Number of the field that `next` found. */
  field = 0;
  #type = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = bytes.length;
  }

  /** Moves to the next field, whose value has to be read or skipped; false at the end. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const key = this.#unsigned();
    this.field = Math.floor(key / 8);
    this.#type = key % 8;
    if (this.field < 1) throw damaged();
    return true;
  }

  /** A whole number: int64 as its nearest double. */
  integer(): number {
    this.#expect(0);
    return this.#signed();
  }

  /** float of 32 bits. */
  float(): number {
    this.#expect(5);
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }

  /** Bytes, a message or a packed list, as a view. */
  bytes(): Uint8Array<ArrayBuffer> {
    this.#expect(2);
    const length = this.#unsigned();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(): string {
    return TEXT.decode(this.bytes());
  }

  /** Adds whole numbers of a repeated field, packed or one by one. */
  integers(to: number[], most: number): void {
    if (this.#type !== 2) {
      to.push(this.integer());
    } else {
      const packed = new Fields(this.bytes());
      while (packed.#at < packed.#end) {
        if (to.length >= most) break;
        to.push(packed.#signed());
      }
    }
    if (to.length > most) throw damaged();
  }

  /** Adds floats of a repeated field, packed or one by one. */
  floats(to: number[], most: number): void {
    if (this.#type !== 2) {
      to.push(this.float());
    } else {
      const packed = this.bytes();
      const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
      for (let at = 0; at + 4 <= packed.length && to.length < most; at += 4) {
        to.push(view.getFloat32(at, true));
      }
    }
    if (to.length > most) throw damaged();
  }

  /** Passes over the field's value. */
  skip(): void {
    switch (this.#type) {
      case 0:
        this.#unsigned();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.#unsigned());
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw damaged();
    }
  }

  /** Whether the field's value is a list in one piece. */
  get packed(): boolean {
    return this.#type === 2;
  }

  #expect(type: number): void {
    if (this.#type !== type) throw damaged();
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) throw damaged();
    this.#at += count;
    return at;
  }

  #unsigned(): number {
    let value = 0;
    for (let group = 0; group < MAX_VARINT_BYTES; group++) {
      const byte = this.#bytes[this.#take(1)] as number;
      value += (byte & 0x7f) * 2 ** (7 * group);
      if (byte < 0x80) return value;
    }
    throw damaged();
  }

  #signed(): number {
    let low = 0;
    let high = 0;
    for (let group = 0; group < MAX_VARINT_BYTES; group++) {
      const byte = this.#bytes[this.#take(1)] as number;
      const bits = byte & 0x7f;
      const shift = 7 * group;
      if (shift < 28) low += bits * 2 ** shift;
      else if (shift === 28) {
        low += (bits & 0x0f) * 2 ** 28;
        high += bits >> 4;
      } else high += bits * 2 ** (shift - 32);
      if (byte < 0x80) {
        const top = high % 2 ** 32;
        return (top >= 2 ** 31 ? top - 2 ** 32 : top) * 2 ** 32 + low;
      }
    }
    throw damaged();
  }
}

/** Says that bytes are no message of the kind that they should be. */
function damaged(): Error {
  return new Error("its bytes are cut off or damaged; export or copy the file again");
}
