/** Operations that put values beside each other, or one value over and over. */
import { broadcastDims, reshapedTo, storageOrder } from "./_arrange.ts";
import { type Importer, input, int, numbers, type OnnxCall, refuse } from "./_call.ts";
import { merging } from "./_pointwise.ts";
import { axisOf, constant, isDynamic, product, stored, type Value } from "./_value.ts";

export const concat: Importer = (call) => {
  const values = call.inputs.map((_, at) => input(call, at));
  return [concatenated(call, values, int(call, "axis", 0))];
};

/** Values beside each other along a side. */
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
export function expanded(call: OnnxCall, x: Value, dims: readonly number[]): Value {
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
