/** Operations that move numbers about: most of them only change what is known of a value. */
import { contiguous, inUnits, reshapedTo, storageOrder } from "./_arrange.ts";
import { broadcastDims } from "./_arrange.ts";
import { denseOf } from "./_builder.ts";
import {
  dynamic,
  type Importer,
  input,
  int,
  ints,
  known,
  listed,
  numbers,
  type OnnxCall,
  refuse,
  word,
} from "./_call.ts";
import { merging } from "./_pointwise.ts";
import { isFloat } from "./_tensor.ts";
import {
  axisOf,
  constant,
  type Dynamic,
  isDynamic,
  product,
  stored,
  transposed,
  type Value,
} from "./_value.ts";

export const same: Importer = (call) => [input(call, 0)];

/** The engine computes in float32 throughout: a change between kinds of floats is none. */
export const cast: Importer = (call) => {
  const to = int(call, "to", 1);
  if (!isFloat(to)) refuse(`must convert to floating-point numbers, got type ${to}`);
  return [input(call, 0)];
};

export const transpose: Importer = (call) => {
  const x = input(call, 0);
  const order = ints(call, "perm") ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  const axes = order.map((axis) => axisOf(x, axis));
  if (new Set(axes).size !== x.dims.length) refuse(`must name each side once, got ${order}`);
  return [transposed(x, axes)];
};

export const reshape: Importer = (call) => {
  const x = input(call, 0);
  const wanted = listed(call, "shape", 1) ?? refuse("must have a shape");
  const allowZero = int(call, "allowzero", 0) === 1;
  return [reshapedTo(call.build, x, resolved(x, wanted, allowZero))];
};

function resolved(x: Value, wanted: readonly number[], allowZero: boolean): readonly number[] {
  const sides = wanted.map((side, axis) => side === 0 && !allowZero ? x.dims[axis] ?? 0 : side);
  if (!sides.includes(-1)) return sides;
  const others = product(sides.filter((side) => side !== -1));
  const left = product(x.dims) / others;
  if (!Number.isInteger(left)) refuse(`must fit [${x.dims}] into [${wanted}]`);
  return sides.map((side) => side === -1 ? left : side);
}

export const flatten: Importer = (call) => {
  const x = input(call, 0);
  const written = int(call, "axis", 1);
  const axis = written < 0 ? written + x.dims.length : written;
  return [reshapedTo(call.build, x, [product(x.dims.slice(0, axis)), product(x.dims.slice(axis))])];
};

export const squeeze: Importer = (call) => {
  const x = input(call, 0);
  const axes = listed(call, "axes", 1)?.map((axis) => axisOf(x, axis)) ??
    x.dims.flatMap((side, axis) => side === 1 ? [axis] : []);
  if (axes.some((axis) => x.dims[axis] !== 1)) refuse(`must drop sides of 1, got ${axes} of [${x.dims}]`);
  return [reshapedTo(call.build, x, x.dims.filter((_, axis) => !axes.includes(axis)))];
};

export const unsqueeze: Importer = (call) => {
  const x = input(call, 0);
  const written = listed(call, "axes", 1) ?? refuse("must have axes");
  const rank = x.dims.length + written.length;
  const axes = new Set(written.map((axis) => axis < 0 ? axis + rank : axis));
  const rest = [...x.dims];
  const dims = Array.from({ length: rank }, (_, axis) => axes.has(axis) ? 1 : rest.shift() ?? 1);
  return [reshapedTo(call.build, x, dims)];
};

export const slice: Importer = (call) => {
  const x = dynamic(call, 0);
  const starts = listed(call, "starts", 1) ?? refuse("must have starts");
  const ends = listed(call, "ends", 2) ?? refuse("must have ends");
  const axes = listed(call, "axes", 3) ?? starts.map((_, axis) => axis);
  const steps = numbers(call, 4, "steps") ?? starts.map(() => 1);
  return [
    starts.reduce((value: Dynamic, start, i) => {
      const axis = axisOf(value, axes[i] ?? i);
      const { from, count, step } = rangeOf(value.dims[axis] as number, start, ends[i] ?? 0, steps[i] ?? 1);
      if (count < 1) refuse(`must leave something of [${value.dims}], got ${start} to ${ends[i]}`);
      if (step === 1) return cut(call, value, axis, from, count);
      return gathered(call, value, axis, Array.from({ length: count }, (_, at) => from + at * step));
    }, x),
  ];
};

/** The places of a side that a slice takes. */
export function rangeOf(side: number, start: number, end: number, step: number) {
  if (!Number.isInteger(step) || step === 0) refuse(`must have steps other than 0, got ${step}`);
  const least = step > 0 ? 0 : -1;
  const clamp = (at: number) =>
    Math.min(Math.max(at < 0 ? at + side : at, least), step > 0 ? side : side - 1);
  const from = clamp(start);
  return { from, count: Math.max(0, Math.ceil((clamp(end) - from) / step)), step };
}

/** A block of one side. */
function cut(call: OnnxCall, x: Dynamic, axis: number, start: number, count: number): Dynamic {
  const side = x.dims[axis] as number;
  if (count === side) return x;
  const [first, ...minor] = x.axes[axis] as readonly number[];
  const inner = product(minor.map((atom) => x.atoms[atom] as number));
  if (first === undefined || start % inner !== 0 || count % inner !== 0) {
    return cut(call, contiguous(call.build, x) as Dynamic, axis, start, count);
  }
  const { name, shape, classes } = inUnits(call.build, x, (atom) => atom === first ? "cut" : "kept", "cut");
  const starts = classes.map((found) => found === "cut" ? start / inner : 0);
  const sizes = shape.map((size, at) => classes[at] === "cut" ? count / inner : size);
  return shortened(x, axis, first, {
    name: call.build.add("slice", [name], { starts, sizes }, {}),
    shape: sizes,
    count,
    atom: count / inner,
  });
}

interface Shortened {
  readonly name: string;
  readonly shape: readonly number[];
  /** Length of ONNX's side and of its first atom afterwards. */
  readonly count: number;
  readonly atom: number;
}

/** What a value is once one atom has become shorter. */
function shortened(
  x: Dynamic,
  axis: number,
  atom: number,
  { name, shape, count, atom: size }: Shortened,
): Dynamic {
  const dims = x.dims.map((side, at) => at === axis ? count : side);
  const source = { kind: "node", name, shape } as const;
  if (size > 1) {
    return {
      dims,
      source,
      atoms: x.atoms.map((old, at) => at === atom ? size : old),
      axes: x.axes,
    };
  }
  return {
    dims,
    source,
    atoms: x.atoms.filter((_, at) => at !== atom),
    axes: x.axes.map((atoms) => atoms.filter((at) => at !== atom).map((at) => at > atom ? at - 1 : at)),
  };
}

/** Some places of one side, in any order and any of them several times. */
export function gathered(call: OnnxCall, x: Dynamic, axis: number, indices: readonly number[]): Dynamic {
  const [first = 0] = indices;
  if (indices.every((index, i) => index === first + i)) return cut(call, x, axis, first, indices.length);
  const [atom, ...more] = x.axes[axis] as readonly number[];
  if (atom === undefined) {
    // Each index is 0: the value over and over.
    const dims = x.dims.map((side, at) => at === axis ? indices.length : side);
    return expanded(call, x, dims) as Dynamic;
  }
  if (more.length > 0) return gathered(call, contiguous(call.build, x) as Dynamic, axis, indices);
  const { name, shape, classes } = inUnits(call.build, x, (at) => at === atom ? "cut" : "kept", "cut");
  const side = classes.indexOf("cut");
  return shortened(x, axis, atom, {
    name: call.build.add("gather", [name], { side, indices }, {}),
    shape: shape.map((size, at) => at === side ? indices.length : size),
    count: indices.length,
    atom: indices.length,
  });
}

export const gather: Importer = (call) => {
  const x = dynamic(call, 0);
  const places = known(call, 1, "indices");
  const axis = axisOf(x, int(call, "axis", 0));
  const side = x.dims[axis] as number;
  const indices = [...denseOf(places)].map((index) => index < 0 ? index + side : index);
  if (indices.some((index) => !(index >= 0 && index < side))) {
    refuse(`must have indices below ${side}, got ${indices}`);
  }
  const value = gathered(call, x, axis, indices);
  const dims = [...x.dims.slice(0, axis), ...places.dims, ...x.dims.slice(axis + 1)];
  return [reshapedTo(call.build, value, dims)];
};

export const split: Importer = (call) => {
  const x = dynamic(call, 0);
  const axis = axisOf(x, int(call, "axis", 0));
  const side = x.dims[axis] as number;
  const parts = call.node.outputs.length;
  const even = Math.ceil(side / parts);
  const sizes = listed(call, "split", 1) ??
    Array.from({ length: parts }, (_, part) => Math.min(even, side - part * even));
  if (sizes.reduce((sum, size) => sum + size, 0) !== side || sizes.some((size) => size < 1)) {
    refuse(`must split ${side} into parts, got ${sizes}`);
  }
  let start = 0;
  return sizes.map((size) => {
    const part = cut(call, x, axis, start, size);
    start += size;
    return part;
  });
};

export const concat: Importer = (call) => {
  const values = call.inputs.map((_, at) => input(call, at));
  return [concatenated(call, values, int(call, "axis", 0))];
};

export function concatenated(call: OnnxCall, values: readonly Value[], written: number): Value {
  const [first] = values as [Value];
  const axis = axisOf(first, written);
  const fits = (value: Value) =>
    value.dims.length === first.dims.length &&
    value.dims.every((side, at) => at === axis || side === first.dims[at]);
  if (!values.every(fits)) {
    refuse(`must join values that fit, got ${values.map(({ dims }) => `[${dims}]`).join(", ")}`);
  }
  if (values.length === 1) return first;
  const dims = first.dims.map((side, at) =>
    at === axis ? values.reduce((sum, value) => sum + (value.dims[at] as number), 0) : side
  );
  const order = orderFor(values, dims, axis);
  const groups = order.map((at) => [at]);
  const names = values.map((value) => call.build.operand(value, groups));
  const node = call.build.add("concat", names, { axis: order.indexOf(axis) + 1 }, {});
  return stored({ kind: "node", name: node, shape: order.map((at) => dims[at] as number) }, dims, order);
}

/** The order in which the largest of the values is stored, with the sides of 1 that it has to have. */
function orderFor(values: readonly Value[], dims: readonly number[], axis: number): readonly number[] {
  const [largest] = [...values].filter(isDynamic).sort((a, b) => product(b.dims) - product(a.dims));
  const usual = storageOrder(dims);
  const canonical = usual.includes(axis) ? usual : [axis, ...usual];
  if (largest === undefined) return canonical;
  const present = canonical.filter((at) => (largest.axes[at] as readonly number[]).length > 0);
  const atoms = present.map((at) => largest.axes[at] as readonly number[]);
  if (atoms.flat().every((atom, i) => atom === i)) return canonical;
  const whole = atoms.every((axisAtoms) => axisAtoms.every((atom, i) => atom === (axisAtoms[0] ?? 0) + i));
  if (!whole) return canonical;
  const own = [...present].sort((a, b) => (largest.axes[a]?.[0] ?? 0) - (largest.axes[b]?.[0] ?? 0));
  const missing = canonical.filter((at) => !present.includes(at));
  return [...missing, ...own];
}

export const expand: Importer = (call) => {
  const x = input(call, 0);
  const shape = numbers(call, 1, "a shape") ?? [];
  return [expanded(call, x, broadcastDims([x.dims, shape]))];
};

/** A value over and over along its sides of 1: times ones. */
function expanded(call: OnnxCall, x: Value, dims: readonly number[]): Value {
  if (dims.length === x.dims.length && dims.every((side, at) => side === x.dims[at])) return x;
  if (product(dims) === product(x.dims)) return reshapedTo(call.build, x, dims);
  if (product(dims) > MAX_EXPANDED) refuse(`must expand to fewer numbers, got [${dims}]`);
  const ones = constant({ dims, kind: "float", values: new Float32Array(product(dims)).fill(1) });
  const [value] = merging("multiply")({ ...call, inputs: [x, ones] });
  return value as Value;
}

const MAX_EXPANDED = 2 ** 22;

export const tile: Importer = (call) => {
  const repeats = numbers(call, 1, "repeats") ?? [];
  const x = input(call, 0);
  return [
    repeats.reduce((value: Value, count, axis) => {
      if (!(count >= 1 && count <= MAX_REPEATS)) {
        refuse(`must repeat 1 to ${MAX_REPEATS} times, got ${count}`);
      }
      return count === 1 ? value : concatenated(call, Array.from({ length: count }, () => value), axis);
    }, x),
  ];
};

const MAX_REPEATS = 4096;

export const depthToSpace: Importer = (call) => {
  const x = input(call, 0);
  const block = int(call, "blocksize", 1);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.dims;
  const inner = channels / block ** 2;
  const dcr = word(call, "mode", "DCR") === "DCR";
  const cutUp = reshapedTo(
    call.build,
    x,
    dcr ? [batch, block, block, inner, height, width] : [batch, inner, block, block, height, width],
  );
  const turned = transposed(cutUp, dcr ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return [reshapedTo(call.build, turned, [batch, inner, height * block, width * block])];
};

export const spaceToDepth: Importer = (call) => {
  const x = input(call, 0);
  const block = int(call, "blocksize", 1);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.dims;
  const [rows, columns] = [height / block, width / block];
  const cutUp = reshapedTo(call.build, x, [batch, channels, rows, block, columns, block]);
  const turned = transposed(cutUp, [0, 3, 5, 1, 2, 4]);
  return [reshapedTo(call.build, turned, [batch, channels * block ** 2, rows, columns])];
};
