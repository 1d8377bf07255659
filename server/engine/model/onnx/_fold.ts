/** Arithmetic on numbers that are known at import: shapes, indices, small tables. */
import { broadcastDims } from "./_arrange.ts";
import { input, int, listed, numbers, type OnnxCall, refuse } from "./_call.ts";
import { arg, binary, type Fold, joined, made, mapped, picked, reduction, truth, unary } from "./_folding.ts";
import { rangeOf } from "./_slicing.ts";
import { isFloat, stridesOf, type Tensor } from "./_tensor.ts";
import { axisOf, constant, product } from "./_value.ts";

/** What is computed where all inputs are known, by ONNX's names. */
export const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["Add", binary((a, b) => a + b)],
  ["Sub", binary((a, b) => a - b)],
  ["Mul", binary((a, b) => a * b)],
  ["Div", binary((a, b, whole) => whole ? b === 0 ? 0 : Math.trunc(a / b) : a / b)],
  ["Mod", (call) => {
    const truncated = int(call, "fmod", 0) === 1;
    return binary((a, b) => truncated ? a % b : ((a % b) + b) % b)(call);
  }],
  ["Pow", binary((a, b) => a ** b)],
  ["Min", binary((a, b) => Math.min(a, b))],
  ["Max", binary((a, b) => Math.max(a, b))],
  ["Equal", binary((a, b) => truth(a === b), true)],
  ["Greater", binary((a, b) => truth(a > b), true)],
  ["GreaterOrEqual", binary((a, b) => truth(a >= b), true)],
  ["Less", binary((a, b) => truth(a < b), true)],
  ["LessOrEqual", binary((a, b) => truth(a <= b), true)],
  ["And", binary((a, b) => truth(a !== 0 && b !== 0), true)],
  ["Or", binary((a, b) => truth(a !== 0 || b !== 0), true)],
  ["Not", unary((value) => truth(value === 0))],
  ["Neg", unary((value) => -value)],
  ["Abs", unary(Math.abs)],
  ["Sqrt", unary(Math.sqrt)],
  ["Reciprocal", unary((value) => 1 / value)],
  ["Exp", unary(Math.exp)],
  ["Log", unary(Math.log)],
  ["Sin", unary(Math.sin)],
  ["Cos", unary(Math.cos)],
  ["Tanh", unary(Math.tanh)],
  ["Sigmoid", unary((value) => 1 / (1 + Math.exp(-value)))],
  ["Relu", unary((value) => Math.max(0, value))],
  ["Floor", unary(Math.floor)],
  ["Ceil", unary(Math.ceil)],
  [
    "Round",
    unary((value) => {
      const near = Math.round(value);
      return Math.abs(value % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
    }),
  ],
  ["Sign", unary(Math.sign)],
  ["ReduceSum", reduction(0, (sum, value) => sum + value)],
  ["ReduceMean", reduction(0, (sum, value) => sum + value, true)],
  ["ReduceProd", reduction(1, (sum, value) => sum * value)],
  ["ReduceMax", reduction(-Infinity, Math.max)],
  ["ReduceMin", reduction(Infinity, Math.min)],
  ["Where", (call) => {
    const [condition, a, b] = [0, 1, 2].map((at) => arg(call, at)) as [Tensor, Tensor, Tensor];
    const kind = a.kind === "whole" && b.kind === "whole" ? "whole" : "float";
    return [constant(mapped([condition, a, b], kind, ([c, x = 0, y = 0]) => c === 0 ? y : x))];
  }],
  ["Cast", (call) => {
    const tensor = arg(call, 0);
    const to = int(call, "to", 1);
    const kind = isFloat(to) ? "float" : "whole";
    const result = made(tensor.dims, kind);
    tensor.values.forEach((value, i) =>
      result.values[i] = kind === "float" ? value : to === 9 ? truth(value !== 0) : Math.trunc(value)
    );
    return [constant(result)];
  }],
  ["Concat", (call) => {
    const parts = call.inputs.map((_, at) => arg(call, at));
    return [constant(joined(parts, axisOf(input(call, 0), int(call, "axis", 0))))];
  }],
  ["Gather", (call) => {
    const [x, places] = [arg(call, 0), arg(call, 1)];
    const axis = axisOf(input(call, 0), int(call, "axis", 0));
    const side = x.dims[axis] as number;
    const indices = [...places.values].map((index) => index < 0 ? index + side : index);
    if (indices.some((index) => !(index >= 0 && index < side))) refuse(`must have indices below ${side}`);
    const dims = [...x.dims.slice(0, axis), ...places.dims, ...x.dims.slice(axis + 1)];
    return [constant({ ...picked(x, axis, indices), dims })];
  }],
  ["Slice", (call) => {
    const starts = listed(call, "starts", 1) ?? [];
    const ends = listed(call, "ends", 2) ?? [];
    const axes = listed(call, "axes", 3) ?? starts.map((_, axis) => axis);
    const steps = numbers(call, 4, "steps") ?? [];
    let x = arg(call, 0);
    starts.forEach((start, i) => {
      const axis = axisOf(constant(x), axes[i] ?? i);
      const { from, count, step } = rangeOf(x.dims[axis] as number, start, ends[i] ?? 0, steps[i] ?? 1);
      x = picked(x, axis, Array.from({ length: count }, (_, at) => from + at * step));
    });
    return [constant(x)];
  }],
  ["Split", (call) => {
    const x = arg(call, 0);
    const axis = axisOf(input(call, 0), int(call, "axis", 0));
    const side = x.dims[axis] as number;
    const even = Math.ceil(side / call.node.outputs.length);
    let start = 0;
    return call.node.outputs.map((_, part) => {
      const size = listed(call, "split", 1)?.[part] ?? Math.min(even, side - part * even);
      const indices = Array.from({ length: Math.max(0, Math.min(size, side - start)) }, (_, i) => start + i);
      start += size;
      return constant(picked(x, axis, indices));
    });
  }],
  ["ScatterND", (call) => {
    const [x, places, updates] = [arg(call, 0), arg(call, 1), arg(call, 2)];
    const depth = places.dims.at(-1) ?? 0;
    const result = made(x.dims, x.kind);
    result.values.set(x.values);
    const strides = stridesOf(x.dims);
    const block = product(x.dims.slice(depth));
    for (let at = 0; at * depth < places.values.length; at++) {
      let to = 0;
      for (let axis = 0; axis < depth; axis++) {
        const index = places.values[at * depth + axis] as number;
        const side = x.dims[axis] ?? 0;
        const place = index < 0 ? index + side : index;
        if (!(place >= 0 && place < side)) refuse(`must have indices below ${side}, got ${index}`);
        to += place * (strides[axis] as number);
      }
      result.values.set(updates.values.subarray(at * block, (at + 1) * block), to);
    }
    return [constant(result)];
  }],
  ["Expand", (call) => {
    const x = arg(call, 0);
    return [
      constant(
        mapped(
          [x, made(broadcastDims([x.dims, numbers(call, 1, "a shape") ?? []]), "whole")],
          x.kind,
          ([a = 0]) => a,
        ),
      ),
    ];
  }],
  ["Tile", (call) => {
    const repeats = numbers(call, 1, "repeats") ?? [];
    const tensor = repeats.reduce((x: Tensor, count, axis) => {
      made(x.dims.map((side, at) => at === axis ? side * count : side), x.kind);
      return joined(Array.from({ length: count }, () => x), axis);
    }, arg(call, 0));
    return [constant(tensor)];
  }],
  ["Range", (call) => {
    const [start = 0, end = 0, step = 1] = [0, 1, 2].map((at) => arg(call, at).values[0] ?? 0);
    const result = made([Math.max(0, Math.ceil((end - start) / step))], arg(call, 0).kind);
    result.values.forEach((_, i) => result.values[i] = start + i * step);
    return [constant(result)];
  }],
  ["ConstantOfShape", (call) => {
    const filler = filling(call);
    const result = made([...arg(call, 0).values], filler.kind);
    result.values.fill(filler.value);
    return [constant(result)];
  }],
]);

function filling(call: OnnxCall): { readonly kind: Tensor["kind"]; readonly value: number } {
  const tensor = call.tensor("value");
  return tensor === null ? { kind: "float", value: 0 } : { kind: tensor.kind, value: tensor.values[0] ?? 0 };
}
