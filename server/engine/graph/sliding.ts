/** A convolution call of tfjs with its padding worked out. */
import type { Sliding } from "../native/calls.ts";
import type { Pair } from "./graph.ts";
import type { Value } from "./kernels.ts";
import { margin, slide } from "./shapes.ts";

/** Works out the padding and the output's size, or gives null for a call that only tfjs computes. */
export function slidingCall(
  { x, filter, bias }: Readonly<Record<string, Value>>,
  { strides, pad, dilations, activation }: Readonly<Record<string, unknown>>,
): Sliding | null {
  if (x === undefined || filter === undefined || typeof activation !== "string") return null;
  if (!isPair(strides) || !isPair(dilations) || dilations.some((dilation) => dilation !== 1)) return null;
  const [, height = 1, width = 1, channels = 1] = x.shape;
  const [high = 1, wide = 1] = filter.shape;
  const call = { x, filter, bias: bias ?? null, strides, activation };
  if (pad === "same" || pad === "valid") {
    const output = slide({ height, width, channels }, { size: [high, wide], strides, padding: pad });
    const before = (input: number, axis: 0 | 1, size: number) =>
      margin(input, output[axis], { size, stride: strides[axis], dilation: 1 }, pad, axis);
    return { ...call, before: [before(height, 0, high), before(width, 1, wide)], output };
  }
  const [rows, columns]: readonly unknown[] = Array.isArray(pad) ? pad.slice(1) : [];
  if (!isPair(rows) || !isPair(columns)) return null;
  // A negative number cuts off, which the kernels cannot.
  if ([...rows, ...columns].some((zeros) => zeros < 0)) return null;
  const output = (input: number, [before, after]: Pair, size: number, stride: number) =>
    Math.floor((input + before + after - size) / stride) + 1;
  return {
    ...call,
    before: [rows[0], columns[0]],
    output: [output(height, rows, high, strides[0]), output(width, columns, wide, strides[1])],
  };
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((number) => typeof number === "number");
}
