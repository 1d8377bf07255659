/** HDF5 files, read where they lie: datasets and attributes by their paths. */
// @ts-types="./_h5wasm.d.ts"
import h5wasm, { Dataset, Datatype, File, Group } from "h5wasm";
import type { Weight } from "../weights.ts";

/** Bytes that lie somewhere, read from any position. */
export interface Bytes {
  readonly bytes: number;
  /** Fills a buffer with the bytes from a position on, all of which are there. */
  fillAtSync(buffer: Uint8Array, position: number): void;
}

/** Numbers that pass through the library's own memory at a time: its memory never shrinks. */
const SLICE_NUMBERS = 2 ** 20;

/** Sides of a dataset at most. */
const MAX_SIDES = 8;

/** How much smaller compression makes weights at most: numbers that were learned hardly shrink. */
const MAX_COMPRESSION = 100;

const FLOAT_BYTES = 4;

let opened = 0;

/** An HDF5 file that is open. Links are followed by path only, so a circle of them ends nowhere. */
export class Hdf5 implements Disposable {
  readonly #name: string;
  readonly #source: Bytes;
  readonly #file: File;
  readonly #remove: () => void;

  private constructor(name: string, source: Bytes, file: File, remove: () => void) {
    this.#name = name;
    this.#source = source;
    this.#file = file;
    this.#remove = remove;
  }

  /**
   * Opens a file.
   *
   * @param name for messages
   * @throws Error where it is damaged
   */
  static async open(name: string, source: Bytes): Promise<Hdf5> {
    const { FS, activate_throwing_error_handler } = await h5wasm.ready;
    activate_throwing_error_handler();
    const path = `/model-${opened++}.h5`;
    const node = FS.createFile("/", path.slice(1), {}, true, false);
    node.usedBytes = source.bytes;
    node.stream_ops = { ...node.stream_ops, read: readerOf(source) };
    const remove = () => FS.unlink(path);
    try {
      const file = new File(path, "r");
      if (file.file_id < 0n) throw damaged(name);
      return new Hdf5(name, source, file, remove);
    } catch (cause) {
      remove();
      throw damaged(name, cause);
    }
  }

  /** Reads an attribute that is a text; null where there is none. */
  text(path: string, attribute: string): string | null {
    const value = this.#attribute(path, attribute);
    if (typeof value === "string") return value;
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : null;
  }

  /** Reads an attribute that is a list of texts; long ones are written in parts, `names0`, `names1` …. */
  texts(path: string, attribute: string): readonly string[] | null {
    const whole = this.#attribute(path, attribute);
    if (whole !== null) return listOf(whole);
    const parts: string[] = [];
    for (let number = 0;; number++) {
      const part = this.#attribute(path, `${attribute}${number}`);
      if (part === null) return number === 0 ? null : parts;
      parts.push(...listOf(part));
    }
  }

  /** Reports whether there is anything at a path. */
  holds(path: string): boolean {
    return this.#get(path) !== null;
  }

  /**
   * Reads a dataset of numbers.
   *
   * @param what for messages
   * @param most bytes that it may take as float32
   * @throws Error where it holds something else, or more than the file has
   */
  weight(path: string, what: string, most: number): Weight | null {
    const dataset = this.#dataset(path);
    return dataset === null ? null : this.#guarded(() => this.#read(dataset, what, most));
  }

  #read(dataset: Dataset, what: string, most: number): Weight {
    const shape = dataset.shape ?? [];
    const count = shape.reduce((product, side) => product * side, 1);
    if (shape.length > MAX_SIDES || !Number.isSafeInteger(count)) {
      throw new Error(`Cannot load the model: ${what} has the shape [${shape}], more than any weight has`);
    }
    const { size, total_size } = dataset.metadata;
    if (total_size !== count) throw damaged(this.#name);
    const limit = this.#source.bytes *
      (dataset.filters.length > 0 ? MAX_COMPRESSION : 1);
    if (count * size > limit) {
      throw new Error(
        `Cannot load the model: ${what} takes ${(count * size).toLocaleString("en")} bytes, ` +
          `but ${this.#name} has ${this.#source.bytes.toLocaleString("en")}`,
      );
    }
    if (count * FLOAT_BYTES > most) {
      throw new Error(
        `Cannot load the model: its weights take more than the ${
          Math.floor(most / 1e6).toLocaleString("en")
        } MB that are left, ` +
          `at ${what}`,
      );
    }
    const values = new Float32Array(count);
    this.#fill(dataset, shape, values, what);
    return { shape, values };
  }

  [Symbol.dispose](): void {
    try {
      this.#file.close();
    } finally {
      this.#remove();
    }
  }

  /** Reads a dataset row by row, many rows at a time. */
  #fill(dataset: Dataset, shape: readonly number[], values: Float32Array, what: string): void {
    const [rows = 1, ...sides] = shape;
    const rowNumbers = sides.reduce((product, side) => product * side, 1);
    const step = Math.max(1, Math.floor(SLICE_NUMBERS / Math.max(1, rowNumbers)));
    for (let row = 0; row < rows && values.length > 0; row += step) {
      const end = Math.min(rows, row + step);
      const part = shape.length === 0 ? dataset.value : dataset.slice([[row, end]]);
      const numbers = numbersOf(part);
      if (numbers === null || numbers.length !== (end - row) * rowNumbers) {
        throw new Error(
          `Cannot load the model: ${what} must be numbers, got ${JSON.stringify(dataset.dtype)}`,
        );
      }
      values.set(numbers, row * rowNumbers);
    }
  }

  #dataset(path: string): Dataset | null {
    const found = this.#get(path);
    return found instanceof Dataset ? found : null;
  }

  #attribute(path: string, name: string): unknown {
    const owner = path === "" ? this.#file : this.#get(path);
    if (!(owner instanceof Group || owner instanceof Dataset || owner instanceof Datatype)) return null;
    return this.#guarded(() => Object.hasOwn(owner.attrs, name) ? owner.attrs[name]?.value ?? null : null);
  }

  #get(path: string): unknown {
    try {
      return this.#file.get(path);
    } catch {
      return null;
    }
  }

  #guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw damaged(this.#name, cause);
    }
  }
}

/** The library reads through this: bytes beyond the end are none. */
function readerOf(source: Bytes) {
  return (_stream: unknown, buffer: Int8Array, offset: number, length: number, position: number): number => {
    const count = Math.max(0, Math.min(length, source.bytes - position));
    const part = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, count);
    source.fillAtSync(part, position);
    // A negative length is an error of reading, which the library passes on.
    return endsSomewhere(source, part, position) ? count : -1;
  };
}

const HEAP_SIGNATURE = 0x4c4f4347; // "GCOL"
const HEAP_HEADER_BYTES = 16;
const HEAP_OBJECT_BYTES = 16;

/**
 * Whether what begins at a position is no global heap, or one whose objects follow each other to its end: the library
 * never gets over one of no length, nor over one whose length overflows.
 */
function endsSomewhere(source: Bytes, part: Uint8Array, position: number): boolean {
  const head = viewOf(part);
  if (part.length < HEAP_HEADER_BYTES || head.getUint32(0, true) !== HEAP_SIGNATURE) return true;
  const end = position + Number(head.getBigUint64(8, true));
  if (end > source.bytes) return false;
  const header = new Uint8Array(HEAP_OBJECT_BYTES);
  const object = viewOf(header);
  for (let at = position + HEAP_HEADER_BYTES; at + HEAP_OBJECT_BYTES <= end;) {
    source.fillAtSync(header, at);
    const size = Number(object.getBigUint64(8, true));
    const free = object.getUint16(0, true) === 0;
    // Free room counts its own header, an object does not.
    const step = free ? size : HEAP_OBJECT_BYTES + 8 * Math.ceil(size / 8);
    if (step < HEAP_OBJECT_BYTES || at + step > end) return false;
    at += step;
  }
  return true;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function numbersOf(part: unknown): ArrayLike<number> | null {
  if (typeof part === "number") return [part];
  if (part instanceof BigInt64Array || part instanceof BigUint64Array) return Array.from(part, Number);
  if (ArrayBuffer.isView(part) && !(part instanceof DataView)) return part as unknown as ArrayLike<number>;
  return Array.isArray(part) && part.every((one) => typeof one === "number") ? part : null;
}

function damaged(name: string, cause?: unknown): Error {
  const known = cause instanceof Error && cause.message.startsWith("Cannot load");
  if (known) return cause;
  return new Error(
    `Cannot load the model: ${name} is a damaged HDF5 file, as if it was cut off; copy it again`,
    {
      cause,
    },
  );
}
