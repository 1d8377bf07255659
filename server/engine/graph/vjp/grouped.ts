/** Convolutions whose channels lie in groups, and the gradients at their inputs. */
import type { Weight } from "../../model/weights.ts";
import type { Derive } from "../constants.ts";
import type { Fusable, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { apply } from "../ops/activation.ts";
import { dilate } from "./dilate.ts";
import { type Gate, throughGate } from "./gate.ts";
import { axes, type Axis, type Sliding, transposedPadding } from "./window.ts";

/** A convolution in groups. */
export interface Grouped {
  /** `[batch, height, width, channels]` */
  readonly x: Value;
  /** `[height, width, channels / groups, out]` */
  readonly filter: Value;
  readonly bias: Value | null;
  readonly groups: number;
  readonly axes: readonly [Axis, Axis];
  readonly activation: Fusable | "linear";
}

/** Computes a convolution in groups; `[batch, rows, columns, out]`, the caller's to free. */
export function convolveGroups(kernels: Kernels, call: Grouped): Value {
  const { x, filter, bias, groups, axes: [rows, columns], activation } = call;
  const dilated = rows.dilation !== 1 || columns.dilation !== 1;
  const own = dilated ? null : kernels.native?.convolveGroups({
    x,
    filter,
    bias,
    strides: [rows.stride, columns.stride],
    before: [rows.before, columns.before],
    output: [rows.output, columns.output],
    activation,
  }, groups) ?? null;
  if (own !== null) return own;
  const sums = convolveByHand(kernels, call);
  if (activation === "linear") return sums;
  const result = apply(kernels, sums, { function: activation });
  kernels.free(sums);
  return result;
}

function convolveByHand(
  kernels: Kernels,
  { x, filter, bias, groups, axes: [rows, columns] }: Grouped,
): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [, , seen = 1, filters = 1] = filter.shape;
  const each = filters / groups;
  const result = kernels.allocate([batch, rows.output, columns.output, filters]);
  const [from, weights] = [kernels.view(x), kernels.view(filter)];
  const to = kernels.view(result).fill(0);
  const start = bias === null ? null : kernels.view(bias);
  for (let target = 0; target < to.length; target += filters) {
    if (start !== null) to.set(start, target);
    const cell = target / filters;
    const ox = cell % columns.output;
    const oy = Math.floor(cell / columns.output) % rows.output;
    const image = Math.floor(cell / (columns.output * rows.output));
    for (let i = 0; i < rows.size; i++) {
      const y = oy * rows.stride + i * rows.dilation - rows.before;
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < columns.size; j++) {
        const column = ox * columns.stride + j * columns.dilation - columns.before;
        if (column < 0 || column >= width) continue;
        const source = ((image * height + y) * width + column) * channels;
        for (let c = 0; c < channels; c++) {
          const value = from[source + c] as number;
          const first = Math.floor(c / seen) * each;
          const line = ((i * columns.size + j) * seen + c % seen) * filters;
          for (let o = first; o < first + each; o++) {
            to[target + o] = (to[target + o] as number) + value * (weights[line + o] as number);
          }
        }
      }
    }
  }
  return result;
}

/** A convolution in groups that a backward pass runs through. */
export interface GroupedPull extends Pick<Sliding, "strides" | "dilations" | "padding"> {
  readonly inputShape: Shape;
  readonly kernelShape: Shape;
  readonly groups: number;
  readonly gate: Gate | null;
  readonly derive: (form: string, make: Derive) => Value;
}

/**
 * The gradient at the input of a convolution in groups: spread by the stride, then convolved with the flipped kernel.
 *
 * @param gradient `[batch, rows, columns, out]`; stays the caller's
 * @returns `[batch, height, width, in]`, the caller's to free
 */
export function groupedVjp(kernels: Kernels, gradient: Value, pull: GroupedPull): Value {
  const { inputShape, kernelShape: [height = 1, width = 1], strides, groups, gate, derive } = pull;
  const window = axes(inputShape, gradient.shape, { ...pull, size: [height, width] });
  const strided = strides.some((stride) => stride > 1);
  const x = strided ? dilate(kernels, gradient, strides) : gradient;
  const turned = window.map((axis): Axis => ({
    input: (axis.output - 1) * axis.stride + 1,
    output: axis.input,
    size: axis.size,
    stride: 1,
    dilation: axis.dilation,
    before: transposedPadding(axis)[0],
  }));
  const [rows, columns] = turned as [Axis, Axis];
  const filter = derive("flipped", (weight) => flipGroups(weight, groups));
  const result = convolveGroups(kernels, {
    x,
    filter,
    bias: null,
    groups,
    axes: [rows, columns],
    activation: "linear",
  });
  if (strided) kernels.free(x);
  return throughGate(kernels, result, gate);
}

/** `[height, width, in / groups, out]` turned by half a circle, as `[height, width, out / groups, in]`. */
function flipGroups(
  { shape: [height = 1, width = 1, seen = 1, filters = 1], values }: Weight,
  groups: number,
): Weight {
  const each = filters / groups;
  const channels = seen * groups;
  const flipped = new Float32Array(values.length);
  const cells = height * width;
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < channels; c++) {
      const first = Math.floor(c / seen) * each;
      for (let o = 0; o < each; o++) {
        flipped[((cells - 1 - cell) * each + o) * channels + c] =
          values[(cell * seen + c % seen) * filters + first + o] as number;
      }
    }
  }
  return { shape: [height, width, each, channels], values: flipped };
}
