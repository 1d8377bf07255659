/** The gradient at the input of a depthwise convolution. */
import type { Weight } from "../../model/weights.ts";
import type { Kernels, Value } from "../kernels.ts";
import { zerosAround } from "../shapes.ts";
import { type Convolution, withinPadding } from "./conv.ts";
import { dilate } from "./dilate.ts";
import { throughGate } from "./gate.ts";
import { axes, transposedPadding } from "./window.ts";

/**
 * The gradient at the input of a depthwise convolution: spread by the stride, then convolved with the flipped kernel.
 *
 * @param gradient `[batch, rows, columns, channels·multiplier]`; stays the caller's
 * @returns `[batch, height, width, channels]`, the caller's to free
 */
export function depthwiseVjp(kernels: Kernels, gradient: Value, convolution: Convolution): Value {
  const { inputShape, kernelShape, strides, dilations, gate, derive } = convolution;
  const [height = 1, width = 1, , multiplier = 1] = kernelShape;
  const [rows, columns] = axes(inputShape, gradient.shape, { ...convolution, size: [height, width] });
  const around = [transposedPadding(rows), transposedPadding(columns)] as const;
  const cutsOff = around.flat().some((cells) => cells < 0);
  const own = cutsOff || dilations.some((dilation) => dilation !== 1) ? null : kernels.native?.depthwise({
    x: gradient,
    filter: derive("flipped", flip),
    bias: null,
    strides: [1, 1],
    spread: strides,
    before: [around[0][0], around[1][0]],
    output: [rows.input, columns.input],
    activation: "linear",
    gate,
  }) ?? null;
  if (own !== null) return own;
  const strided = strides[0] > 1 || strides[1] > 1;
  const spread = strided ? dilate(kernels, gradient, strides) : gradient;
  const { value: x, padding } = withinPadding(kernels, spread, around);
  const convolved = kernels.run("FusedDepthwiseConv2D", { x, filter: derive("flipped", flip) }, {
    strides: [1, 1],
    pad: zerosAround(...padding),
    dataFormat: "NHWC",
    dilations,
    activation: "linear",
  });
  kernels.free(x);
  if (strided) kernels.free(spread);
  if (multiplier === 1) return throughGate(kernels, convolved, gate);
  const sum = sumGroups(kernels, convolved, multiplier);
  kernels.free(convolved);
  return throughGate(kernels, sum, gate);
}

/** Adds up each `count` neighbours of the last axis. */
function sumGroups(kernels: Kernels, value: Value, count: number): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = value.shape;
  const sums = kernels.allocate([batch, height, width, channels / count]);
  const from = kernels.view(value);
  const to = kernels.view(sums);
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let m = 0; m < count; m++) sum += from[i * count + m] as number;
    to[i] = sum;
  }
  return sums;
}

/** `[height, width, in, multiplier]` turned by half a circle, as `[height, width, in·multiplier, 1]`. */
function flip({ shape: [height = 1, width = 1, from = 1, multiplier = 1], values }: Weight): Weight {
  const channels = from * multiplier;
  const flipped = new Float32Array(values.length);
  const cells = height * width;
  for (let cell = 0; cell < cells; cell++) {
    flipped.set(values.subarray(cell * channels, (cell + 1) * channels), (cells - 1 - cell) * channels);
  }
  return { shape: [height, width, channels, 1], values: flipped };
}
