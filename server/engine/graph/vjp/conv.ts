/** The gradient at the input of a convolution. */
import type { Weight } from "../../model/weights.ts";
import type { Derive } from "../constants.ts";
import type { Padding, Pair, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { cutOut } from "./cut_out.ts";
import { type Gate, throughGate } from "./gate.ts";
import { axes, type Axis, transposedPadding } from "./window.ts";

/** A convolution that a backward pass runs through. */
export interface Convolution {
  /** `[batch, height, width, channels]` */
  readonly inputShape: Shape;
  /** `[height, width, in, out]`, or `[height, width, in, multiplier]` of a depthwise one. */
  readonly kernelShape: Shape;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
  readonly gate: Gate | null;
  /** A further form of the kernel, made once. */
  readonly derive: (form: string, make: Derive) => Value;
}

/** Fewer input channels than this leave most of a convolution kernel's width idle. */
const NARROW = 8;

/** Whether the products of each output cell are made first, and then added up: they lie in the memory all at once. */
export function narrow([, , channels = 1]: Shape, strides: Pair): boolean {
  return strides.some((stride) => stride > 1) || channels < NARROW;
}

/**
 * The gradient at the input of a convolution.
 *
 * Without a stride it is the convolution of the gradient with the flipped kernel, input and output channels
 * exchanged. With one, that convolution would mostly multiply zeros: there each output cell's gradient is
 * multiplied with the transposed kernel, and the products are added up where their window lay.
 *
 * @param gradient `[batch, rows, columns, out]`; stays the caller's
 * @returns `[batch, height, width, in]`, the caller's to free
 */
export function convVjp(kernels: Kernels, gradient: Value, convolution: Convolution): Value {
  const { inputShape, kernelShape, strides, dilations, gate, derive } = convolution;
  const [height = 1, width = 1] = kernelShape;
  const window = axes(inputShape, gradient.shape, { ...convolution, size: [height, width] });
  const direct = height === 1 && width === 1 && strides.every((stride) => stride === 1) &&
    window.every(({ input, output }) => input === output);
  if (direct || narrow(kernelShape, strides)) {
    const columns = multiply(kernels, gradient, derive("transposed", transpose), {
      dilations: [1, 1],
      padding: [[0, 0], [0, 0]],
      gate: direct ? gate : null,
    });
    if (direct) return columns;
    const sum = scatter(kernels, columns, inputShape, window);
    kernels.free(columns);
    return throughGate(kernels, sum, gate);
  }
  const { value, padding } = withinPadding(kernels, gradient, window.map(transposedPadding));
  const result = multiply(kernels, value, derive("flipped", flip), { dilations, padding, gate });
  kernels.free(value);
  return result;
}

/**
 * Cuts off what a negative padding does, which the kernels cannot: zeros that the forward pass had beyond its window.
 *
 * @returns the value that is left, the caller's to free, and the padding without negative numbers
 */
export function withinPadding(
  kernels: Kernels,
  value: Value,
  [rows = [0, 0], columns = [0, 0]]: readonly Pair[],
): { readonly value: Value; readonly padding: readonly [Pair, Pair] } {
  const padding = [zeros(rows), zeros(columns)] as const;
  if ([...rows, ...columns].every((cells) => cells >= 0)) {
    return { value: kernels.reshape(value, value.shape), padding };
  }
  const [batch = 1, height = 1, width = 1, channels = 1] = value.shape;
  const left = (side: number, [before, behind]: Pair) => side + Math.min(0, before) + Math.min(0, behind);
  const shape = [batch, left(height, rows), left(width, columns), channels];
  const top = Math.max(0, -rows[0]);
  return { value: cutOut(kernels, value, shape, top, Math.max(0, -columns[0])), padding };
}

function zeros([before, behind]: Pair): Pair {
  return [Math.max(0, before), Math.max(0, behind)];
}

/** A convolution without a stride, its result let through the gate. */
function multiply(
  kernels: Kernels,
  x: Value,
  filter: Value,
  { dilations, padding: [rows, columns], gate }: Pick<Convolution, "dilations" | "gate"> & {
    readonly padding: readonly [Pair, Pair];
  },
): Value {
  const [, height = 1, width = 1] = x.shape;
  const [kernelHeight = 1, kernelWidth = 1] = filter.shape;
  const own = dilations.some((dilation) => dilation !== 1) ? null : kernels.native?.convolve({
    x,
    filter,
    bias: null,
    strides: [1, 1],
    before: [rows[0], columns[0]],
    output: [
      height + rows[0] + rows[1] - kernelHeight + 1,
      width + columns[0] + columns[1] - kernelWidth + 1,
    ],
    activation: "linear",
    gate,
  }) ?? null;
  if (own !== null) return own;
  const product = kernels.run("FusedConv2D", { x, filter }, {
    strides: [1, 1],
    pad: [[0, 0], rows, columns, [0, 0]],
    dataFormat: "NHWC",
    dilations,
    activation: "linear",
  });
  return throughGate(kernels, product, gate);
}

/**
 * Adds up what each output cell gives to the cells under its window.
 *
 * @param columns `[batch, rows, columns, windowHeight·windowWidth·channels]`
 * @param shape `[batch, height, width, channels]`
 */
function scatter(kernels: Kernels, columns: Value, shape: Shape, [rows, cols]: readonly [Axis, Axis]): Value {
  if (kernels.native !== null && rows.dilation === 1 && cols.dilation === 1) {
    return kernels.native.gather(columns, shape, {
      size: [rows.size, cols.size],
      strides: [rows.stride, cols.stride],
      before: [rows.before, cols.before],
    });
  }
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const sum = kernels.allocate(shape);
  const from = kernels.view(columns);
  const to = kernels.view(sum).fill(0);
  let source = 0;
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < rows.output; oy++) {
      for (let ox = 0; ox < cols.output; ox++) {
        for (let i = 0; i < rows.size; i++) {
          const y = oy * rows.stride + i * rows.dilation - rows.before;
          for (let j = 0; j < cols.size; j++, source += channels) {
            const x = ox * cols.stride + j * cols.dilation - cols.before;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            const target = ((b * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++) {
              to[target + c] = (to[target + c] as number) + (from[source + c] as number);
            }
          }
        }
      }
    }
  }
  return sum;
}

/** `[height, width, in, out]` as the matrix `[1, 1, out, height·width·in]`. */
function transpose({ shape: [height = 1, width = 1, from = 1, to = 1], values }: Weight): Weight {
  const rows = height * width * from;
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < to; o++) transposed[o * rows + row] = values[row * to + o] as number;
  }
  return { shape: [1, 1, to, rows], values: transposed };
}

/** `[height, width, in, out]` turned by half a circle, as `[height, width, out, in]`. */
function flip({ shape: [height = 1, width = 1, from = 1, to = 1], values }: Weight): Weight {
  const flipped = new Float32Array(values.length);
  const cells = height * width;
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < from; c++) {
      for (let o = 0; o < to; o++) {
        flipped[((cells - 1 - cell) * to + o) * from + c] = values[(cell * from + c) * to + o] as number;
      }
    }
  }
  return { shape: [height, width, to, from], values: flipped };
}
