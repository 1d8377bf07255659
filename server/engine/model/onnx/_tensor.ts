/** Numbers of tensors: decoded from what the file holds, and moved from one order of sides to another. */
import type { External, TensorProto } from "./_proto.ts";

/** Row-major numbers with their sides; whole numbers and truth values as doubles. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly kind: "float" | "whole";
  readonly values: Float32Array | Float64Array;
}

/** Gives the bytes of a tensor that lie in another file. */
export type ReadExternal = (tensor: string, place: External, length: number) => Uint8Array<ArrayBuffer>;

/** Numbers that one tensor may have. */
const MAX_COUNT = 2 ** 29;

type Decoder = (bytes: Uint8Array<ArrayBuffer>, count: number) => Float32Array | Float64Array;

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly kind: Tensor["kind"];
  readonly decode: Decoder;
}

const whole = (bytes: number, name: string, read: (view: DataView, at: number) => number): ElementType => ({
  name,
  bytes,
  kind: "whole",
  decode: (from, count) => {
    const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
    return Float64Array.from({ length: count }, (_, i) => read(view, i * bytes));
  },
});

const float = (bytes: number, name: string, decode: Decoder): ElementType => ({
  name,
  bytes,
  kind: "float",
  decode,
});

/** Element types by their numbers in onnx.proto. */
const TYPES: ReadonlyMap<number, ElementType> = new Map([
  [1, float(4, "float32", (from, count) => floats(from, count))],
  [2, whole(1, "uint8", (view, at) => view.getUint8(at))],
  [3, whole(1, "int8", (view, at) => view.getInt8(at))],
  [4, whole(2, "uint16", (view, at) => view.getUint16(at, true))],
  [5, whole(2, "int16", (view, at) => view.getInt16(at, true))],
  [6, whole(4, "int32", (view, at) => view.getInt32(at, true))],
  [7, whole(8, "int64", (view, at) => Number(view.getBigInt64(at, true)))],
  [9, whole(1, "bool", (view, at) => view.getUint8(at))],
  [
    10,
    float(
      2,
      "float16",
      (from, count) => converted(from, count, 2, (view, at) => halfOf(view.getUint16(at, true))),
    ),
  ],
  [
    11,
    float(8, "float64", (from, count) => converted(from, count, 8, (view, at) => view.getFloat64(at, true))),
  ],
  [12, whole(4, "uint32", (view, at) => view.getUint32(at, true))],
  [13, whole(8, "uint64", (view, at) => Number(view.getBigUint64(at, true)))],
  [
    16,
    float(2, "bfloat16", (from, count) => {
      const bits = new Uint32Array(count);
      const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) * 65_536;
      return new Float32Array(bits.buffer);
    }),
  ],
]);

/** Whether an element type is one of floating-point numbers. */
export function isFloat(type: number): boolean {
  return TYPES.get(type)?.kind === "float";
}

/** Number of cells, held to what may be at all. */
export function countOf(dims: readonly number[]): number {
  let count = 1;
  for (const side of dims) {
    if (!Number.isSafeInteger(side) || side < 0) {
      throw new RangeError(`a side must be 0 or more, got ${side}`);
    }
    count *= side;
    if (count > MAX_COUNT) {
      throw new RangeError(`[${dims}] has more numbers than may be, ${MAX_COUNT.toLocaleString("en")}`);
    }
  }
  return count;
}

/** Bytes that the numbers of a tensor take once they are read. */
export function bytesOf({ dims, type }: TensorProto): number {
  return countOf(dims) * (isFloat(type) ? 4 : 8);
}

/**
 * Makes numbers of a tensor; float32 of the file itself are a view of it, not a copy.
 *
 * @throws RangeError where it does not hold as many numbers as its sides say
 */
export function decodeTensor(proto: TensorProto, read: ReadExternal): Tensor {
  const tensor = decoded.get(proto) ?? decode(proto, read);
  decoded.set(proto, tensor);
  return tensor;
}

const decoded = new WeakMap<TensorProto, Tensor>();

function decode(proto: TensorProto, read: ReadExternal): Tensor {
  const type = TYPES.get(proto.type);
  if (type === undefined) {
    throw new RangeError(
      `tensor ${proto.name} must have numbers of one of the types ` +
        `${[...TYPES.values()].map(({ name }) => name).join(", ")}, got type ${proto.type}`,
    );
  }
  const { dims } = proto;
  const count = countOf(dims);
  const { kind } = type;
  const bytes = proto.external === null ? proto.raw : read(proto.name, proto.external, count * type.bytes);
  if (bytes !== null) {
    held(proto, count * type.bytes, bytes.length, "bytes");
    const own = proto.external === null && type.name === "float32" ? aligned(bytes) : bytes;
    return { dims, kind, values: type.decode(own, count) };
  }
  if (proto.floats.length > 0 && type.name === "float32") {
    return { dims, kind, values: floats(joined(proto, proto.floats, 4 * count), count) };
  }
  if (proto.doubles.length > 0 && type.name === "float64") {
    return { dims, kind, values: type.decode(joined(proto, proto.doubles, 8 * count), count) };
  }
  held(proto, count, proto.integers.length, "numbers");
  if (kind === "whole") return { dims, kind, values: Float64Array.from(proto.integers) };
  // Half floats lie in the list of integers by their bits.
  const bits = new Uint8Array(Uint16Array.from(proto.integers).buffer);
  return { dims, kind, values: type.decode(bits, count) };
}

function held(proto: TensorProto, wanted: number, found: number, what: string): void {
  if (wanted === found) return;
  throw new RangeError(`tensor ${proto.name} of [${proto.dims}] must have ${wanted} ${what}, got ${found}`);
}

function joined(
  proto: TensorProto,
  parts: readonly Uint8Array<ArrayBuffer>[],
  wanted: number,
): Uint8Array<ArrayBuffer> {
  held(proto, wanted, parts.reduce((sum, { length }) => sum + length, 0), "bytes");
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const all = new Uint8Array(wanted);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function floats(from: Uint8Array<ArrayBuffer>, count: number): Float32Array {
  if (from.byteOffset % 4 === 0) return new Float32Array(from.buffer, from.byteOffset, count);
  return new Float32Array(from.slice(0, 4 * count).buffer);
}

/** Bytes before the numbers of a tensor in its message that say what follows: enough to move over. */
const MOVABLE_BYTES = 2 ** 14;

/**
 * The same bytes at an address that float32 may have: moved within the file's own memory over the three bytes or more
 * that said how long they are, instead of copying a hundred megabytes. Only for bytes that are decoded once.
 */
function aligned(raw: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const by = raw.byteOffset % 4;
  if (by === 0 || raw.length < MOVABLE_BYTES) return raw;
  const start = raw.byteOffset - by;
  new Uint8Array(raw.buffer).copyWithin(start, raw.byteOffset, raw.byteOffset + raw.length);
  return new Uint8Array(raw.buffer, start, raw.length);
}

function converted(
  from: Uint8Array<ArrayBuffer>,
  count: number,
  bytes: number,
  read: (view: DataView, at: number) => number,
): Float32Array {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, i * bytes);
  return values;
}

function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Cells of a square that is moved at a time, along the sides that are next to each other before and afterwards. */
const BLOCK = 32;

/**
 * Moves row-major numbers: side i of the result is side `order[i]` of `dims`.
 *
 * @returns numbers of their own, never a view
 */
export function permuted<A extends Float32Array | Float64Array>(
  values: A,
  dims: readonly number[],
  order: readonly number[],
): A {
  const result =
    (values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length)) as A;
  if (order.every((side, i) => side === i)) {
    result.set(values);
    return result;
  }
  const from = stridesOf(dims);
  const sides = order.map((side) => ({ size: dims[side] as number, from: from[side] as number, to: 0 }));
  stridesOf(sides.map(({ size }) => size)).forEach((stride, i) => (sides[i] as Side).to = stride);
  const last = sides[sides.length - 1] as Side;
  const nearest = sides.reduce((best, side) => side.from < best.from ? side : best);
  const outer = sides.filter((side) => side !== last && side !== nearest);
  const across = nearest === last ? { size: 1, from: 0, to: 0 } : nearest;
  walk(outer, 0, 0, 0, (source, target) => {
    for (let b = 0; b < across.size; b += BLOCK) {
      const endB = Math.min(across.size, b + BLOCK);
      for (let a = 0; a < last.size; a += BLOCK) {
        const endA = Math.min(last.size, a + BLOCK);
        for (let j = b; j < endB; j++) {
          let read = source + j * across.from + a * last.from;
          let write = target + j * across.to + a;
          for (let i = a; i < endA; i++, read += last.from) result[write++] = values[read] as number;
        }
      }
    }
  });
  return result;
}

interface Side {
  readonly size: number;
  readonly from: number;
  to: number;
}

function walk(
  sides: readonly Side[],
  depth: number,
  from: number,
  to: number,
  act: (from: number, to: number) => void,
): void {
  const side = sides[depth];
  if (side === undefined) return act(from, to);
  for (let i = 0; i < side.size; i++) walk(sides, depth + 1, from + i * side.from, to + i * side.to, act);
}

/** Distances between neighbours along each side, row-major. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) {
    strides[i] = (strides[i + 1] as number) * (dims[i + 1] as number);
  }
  return strides;
}
