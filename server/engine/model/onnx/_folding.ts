/** How numbers that are known at import are computed: cell by cell, along sides, in blocks. */
import { broadcastDims } from "./_arrange.ts";
import { denseOf } from "./_builder.ts";
import { input, int, listed, type OnnxCall, refuse } from "./_call.ts";
import { stridesOf, type Tensor } from "./_tensor.ts";
import { type Constant, constant, isConstant, product, type Value } from "./_value.ts";

/** Numbers that one folded result may have: position embeddings of the largest transformers have half as many. */
const MOST = 2 ** 22;

export type Fold = (call: OnnxCall) => readonly Value[];

/** A constant's numbers row by row of ONNX's order. */
function tensorOf(value: Constant): Tensor {
  return { dims: value.dims, kind: value.source.type, values: denseOf(value) };
}

export function arg(call: OnnxCall, at: number): Tensor {
  const value = input(call, at);
  return isConstant(value) ? tensorOf(value) : refuse("must have known inputs");
}

/** Numbers of a result, held to what may be before memory is taken. */
export function made(dims: readonly number[], kind: Tensor["kind"]): Tensor {
  const count = product(dims);
  if (dims.some((side) => !Number.isSafeInteger(side) || side < 0) || count > MOST) {
    refuse(`must compute ${MOST.toLocaleString("en")} numbers or fewer at import, got [${dims}]`);
  }
  return { dims, kind, values: kind === "float" ? new Float32Array(count) : new Float64Array(count) };
}

export function unary(compute: (x: number) => number): Fold {
  return (call) => {
    const { dims, kind, values } = arg(call, 0);
    const result = made(dims, kind);
    values.forEach((value, i) => result.values[i] = compute(value));
    return [constant(result)];
  };
}

type Binary = (a: number, b: number, whole: boolean) => number;

/** @param truth the result is a truth value, whatever is compared */
export function binary(compute: Binary, truth = false): Fold {
  return (call) => {
    const all = call.inputs.map((_, at) => arg(call, at));
    const [first, ...rest] = all as [Tensor, ...Tensor[]];
    return [constant(rest.reduce((sum, next) => {
      const kind = truth || sum.kind === "whole" && next.kind === "whole" ? "whole" : "float";
      const whole = sum.kind === "whole" && next.kind === "whole";
      return mapped([sum, next], kind, ([a = 0, b = 0]) => compute(a, b, whole));
    }, first))];
  };
}

/** Computes each cell from the cells at its place; sides of 1 stretch. */
export function mapped(
  from: readonly Tensor[],
  kind: Tensor["kind"],
  compute: (values: readonly number[]) => number,
): Tensor {
  const dims = broadcastDims(from.map(({ dims }) => dims));
  const result = made(dims, kind);
  const steps = from.map((tensor) => {
    const strides = stridesOf(tensor.dims);
    return dims.map((_, axis) => {
      const own = axis - dims.length + tensor.dims.length;
      return own < 0 || tensor.dims[own] === 1 ? 0 : strides[own] as number;
    });
  });
  const place = stridesOf(dims);
  for (let i = 0; i < result.values.length; i++) {
    const cells = from.map((tensor, at) => {
      let index = 0;
      place.forEach((stride, axis) => {
        index += Math.floor(i / stride) % (dims[axis] as number) * (steps[at]?.[axis] ?? 0);
      });
      return tensor.values[index] as number;
    });
    result.values[i] = compute(cells);
  }
  return result;
}

/** Copies blocks of some places of an axis. */
export function picked({ dims, kind, values }: Tensor, axis: number, indices: readonly number[]): Tensor {
  const side = dims[axis] as number;
  const result = made(dims.map((old, at) => at === axis ? indices.length : old), kind);
  const inner = product(dims.slice(axis + 1));
  const outer = product(dims.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    indices.forEach((index, i) => {
      const from = (o * side + index) * inner;
      result.values.set(values.subarray(from, from + inner), (o * indices.length + i) * inner);
    });
  }
  return result;
}

export function joined(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts as [Tensor];
  const dims = first.dims.map((side, at) =>
    at === axis ? parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0) : side
  );
  const result = made(dims, parts.every(({ kind }) => kind === "whole") ? "whole" : "float");
  const outer = product(dims.slice(0, axis));
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const part of parts) {
      const length = product(part.dims.slice(axis));
      result.values.set(part.values.subarray(o * length, (o + 1) * length), at);
      at += length;
    }
  }
  return result;
}

export function reduction(start: number, step: (sum: number, value: number) => number, mean = false): Fold {
  return (call) => {
    const x = arg(call, 0);
    const axes = new Set(
      (listed(call, "axes", 1) ?? x.dims.map((_, axis) => axis)).map((axis) =>
        axis < 0 ? axis + x.dims.length : axis
      ),
    );
    const dims = x.dims.map((side, axis) => axes.has(axis) ? 1 : side);
    const result = made(dims, x.kind);
    result.values.fill(start);
    const [place, to] = [stridesOf(x.dims), stridesOf(dims)];
    x.values.forEach((value, i) => {
      let index = 0;
      place.forEach((stride, axis) => {
        if (!axes.has(axis)) {
          index += Math.floor(i / stride) % (x.dims[axis] as number) * (to[axis] as number);
        }
      });
      result.values[index] = step(result.values[index] as number, value);
    });
    const count = x.values.length / Math.max(1, result.values.length);
    if (mean) result.values.forEach((value, i) => result.values[i] = value / count);
    const kept = int(call, "keepdims", 1) === 1 ? dims : dims.filter((_, axis) => !axes.has(axis));
    return [constant({ ...result, dims: kept })];
  };
}

export const truth = (value: boolean) => value ? 1 : 0;
