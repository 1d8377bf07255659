/** A convolution call of tfjs with its padding worked out. */
import type { Sliding } from "../native/calls.ts";
import type { Pair } from "./graph.ts";
import type { Value } from "./kernels.ts";

/** Zeros before and behind an axis. */
type Zeros = readonly [number, number];

/** Works out the padding and the output's size, or gives null for a call that only tfjs computes. */
export function slidingCall(
  { x, filter, bias }: Readonly<Record<string, Value>>,
  { strides, pad, dilations, activation }: Readonly<Record<string, unknown>>,
): Sliding | null {
  if (x === undefined || filter === undefined || typeof activation !== "string") return null;
  if (!isPair(strides) || !isPair(dilations) || dilations.some((dilation) => dilation !== 1)) return null;
  const rows = zerosOf(pad, 1, x, filter, strides);
  const columns = zerosOf(pad, 2, x, filter, strides);
  if (rows === null || columns === null) return null;
  const outputOf = (axis: 1 | 2, [before, after]: Zeros) =>
    Math.floor(
      ((x.shape[axis] ?? 1) + before + after - (filter.shape[axis - 1] ?? 1)) / strides[axis - 1 as 0 | 1],
    ) + 1;
  return {
    x,
    filter,
    bias: bias ?? null,
    strides,
    before: [rows[0], columns[0]],
    output: [outputOf(1, rows), outputOf(2, columns)],
    activation,
  };
}

function zerosOf(pad: unknown, axis: 1 | 2, x: Value, filter: Value, strides: Pair): Zeros | null {
  if (pad === "valid") return [0, 0];
  if (pad === "same") {
    const input = x.shape[axis] ?? 1;
    const stride = strides[axis - 1 as 0 | 1];
    const missing = Math.max(
      0,
      (Math.ceil(input / stride) - 1) * stride + (filter.shape[axis - 1] ?? 1) - input,
    );
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  }
  const zeros: unknown = Array.isArray(pad) ? pad[axis] : null;
  // A negative number cuts off, which the kernels cannot.
  return isPair(zeros) && zeros[0] >= 0 && zeros[1] >= 0 ? zeros : null;
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((number) => typeof number === "number");
}
