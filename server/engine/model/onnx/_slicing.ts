/** Operations that take some places of a side. */
import { contiguous, inUnits, reshapedTo } from "./_arrange.ts";
import { denseOf } from "./_builder.ts";
import { dynamic, type Importer, int, known, listed, numbers, type OnnxCall, refuse } from "./_call.ts";
import { expanded } from "./_joining.ts";
import { axisOf, type Dynamic, product } from "./_value.ts";

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
