/** NumPy's .npy files, version 1.0, float32 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */

const MAGIC = "\x93NUMPY\x01\x00";

/** The data begins at a multiple of this many bytes, so that it can be mapped into memory. */
const ALIGNMENT = 64;

/** Numbers of a file with their shape. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** In C order: the last index runs fastest. */
  readonly values: Float32Array;
}

/** Writes little-endian float32 in C order. */
export function writeNpy({ shape, values }: NpyArray): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((product, side) => product * side, 1);
  if (count !== values.length) {
    throw new RangeError(
      `Cannot write the array: its shape (${shape.join(", ")}) has ${count} values, got ${values.length}`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = MAGIC.length + 2 + dictionary.length + 1;
  const header = `${dictionary}${" ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT)}\n`;
  const start = MAGIC.length + 2 + header.length;
  const bytes = new Uint8Array(start + 4 * count);
  const view = new DataView(bytes.buffer);
  bytes.set(latin1(MAGIC));
  view.setUint16(MAGIC.length, header.length, true);
  bytes.set(latin1(header), MAGIC.length + 2);
  for (const [index, value] of values.entries()) view.setFloat32(start + 4 * index, value, true);
  return bytes;
}

/**
 * Reads what `writeNpy` or NumPy's own writer wrote.
 *
 * @throws TypeError for another version, type or order
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw wanted("it to begin as .npy version 1.0", JSON.stringify(magic));
  const start = MAGIC.length + 2 + view.getUint16(MAGIC.length, true);
  const header = String.fromCharCode(...bytes.subarray(MAGIC.length + 2, start));
  if (!/'descr': '<f4'/.test(header) || !/'fortran_order': False/.test(header)) {
    throw wanted("float32 in C order", header.trim());
  }
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").map((side) => side.trim())
    .filter((side) => side !== "").map(Number);
  const count = shape.reduce((product, side) => product * side, 1);
  if (bytes.byteLength !== start + 4 * count) {
    throw wanted(`${4 * count} bytes of data`, bytes.byteLength - start);
  }
  return {
    shape,
    values: Float32Array.from({ length: count }, (_, index) => view.getFloat32(start + 4 * index, true)),
  };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function wanted(what: string, current: string | number): TypeError {
  return new TypeError(`Cannot read the array: expected ${what}, got ${current}`);
}
