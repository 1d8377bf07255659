/** Gradients at the inputs of pooling windows. */
import type { Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { axes, type Axis, type Sliding } from "./window.ts";

/**
 * Gives each window's gradient to its largest input, the first of equal ones.
 *
 * @param gradient `[batch, rows, columns, channels]`; stays the caller's
 * @param input `[batch, height, width, channels]`
 * @returns in the input's shape, the caller's to free
 */
export function maxPoolVjp(kernels: Kernels, gradient: Value, input: Value, sliding: Sliding): Value {
  const [, height = 1, width = 1, channels = 1] = input.shape;
  const result = kernels.allocate(input.shape);
  const [from, at] = [kernels.view(gradient), kernels.view(input)];
  const to = kernels.view(result).fill(0);
  let source = 0;
  for (const [batch, rows, columns] of windows(gradient.shape, axes(input.shape, gradient.shape, sliding))) {
    const corner = batch * height * width;
    for (let c = 0; c < channels; c++) {
      let largest = -Infinity;
      let place = -1;
      for (let y = rows.first; y < rows.end; y += rows.step) {
        for (let x = columns.first; x < columns.end; x += columns.step) {
          const cell = (corner + y * width + x) * channels + c;
          const value = at[cell] as number;
          if (value > largest) {
            largest = value;
            place = cell;
          }
        }
      }
      if (place >= 0) to[place] = (to[place] as number) + (from[source] as number);
      source++;
    }
  }
  return result;
}

/**
 * Shares each window's gradient out among its inputs.
 *
 * @param gradient `[batch, rows, columns, channels]`; stays the caller's
 * @param shape the input's, `[batch, height, width, channels]`
 * @param countPadding whether cells beyond the border take a share too, which is lost
 * @returns in the input's shape, the caller's to free
 */
export function averagePoolVjp(
  kernels: Kernels,
  gradient: Value,
  shape: Shape,
  sliding: Sliding,
  countPadding = false,
): Value {
  const [, height = 1, width = 1, channels = 1] = shape;
  const result = kernels.allocate(shape);
  const from = kernels.view(gradient);
  const to = kernels.view(result).fill(0);
  let source = 0;
  for (const [batch, rows, columns] of windows(gradient.shape, axes(shape, gradient.shape, sliding))) {
    const inside = rows.count * columns.count;
    const share = 1 / (countPadding ? sliding.size[0] * sliding.size[1] : inside);
    for (let y = rows.first; y < rows.end; y += rows.step) {
      for (let x = columns.first; x < columns.end; x += columns.step) {
        const cell = ((batch * height + y) * width + x) * channels;
        for (let c = 0; c < channels; c++) {
          to[cell + c] = (to[cell + c] as number) + share * (from[source + c] as number);
        }
      }
    }
    source += channels;
  }
  return result;
}

/**
 * Pools windows with gaps, which the kernels cannot.
 *
 * @param x `[batch, height, width, channels]`; stays the caller's
 * @param output shape of what is returned, `[batch, rows, columns, channels]`
 * @returns the largest or the mean of each window's cells inside the border, the caller's to free
 */
export function poolWithGaps(
  kernels: Kernels,
  x: Value,
  output: Shape,
  sliding: Sliding,
  of: "max" | "mean",
): Value {
  const [, height = 1, width = 1, channels = 1] = x.shape;
  const result = kernels.allocate(output);
  const from = kernels.view(x);
  const to = kernels.view(result).fill(of === "max" ? -Infinity : 0);
  let target = 0;
  for (const [batch, rows, columns] of windows(output, axes(x.shape, output, sliding))) {
    const share = 1 / (rows.count * columns.count);
    for (let y = rows.first; y < rows.end; y += rows.step) {
      for (let x = columns.first; x < columns.end; x += columns.step) {
        const cell = ((batch * height + y) * width + x) * channels;
        for (let c = 0; c < channels; c++) {
          const [value, so] = [from[cell + c] as number, to[target + c] as number];
          to[target + c] = of === "max" ? Math.max(so, value) : so + share * value;
        }
      }
    }
    target += channels;
  }
  return result;
}

/** Inputs of a window along one axis: every `step` from `first` up to `end`, so many. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  readonly count: number;
}

/** Every window of a batch in the order of the outputs: picture, rows, columns. */
function* windows(
  [batches = 1]: Shape,
  [rows, columns]: readonly [Axis, Axis],
): Generator<readonly [number, Span, Span]> {
  const across = Array.from({ length: columns.output }, (_, place) => spanOf(columns, place));
  for (let batch = 0; batch < batches; batch++) {
    for (let row = 0; row < rows.output; row++) {
      const down = spanOf(rows, row);
      for (const column of across) yield [batch, down, column];
    }
  }
}

/** The inputs that the window at a place sees along an axis. */
export function spanOf({ input, size, stride, dilation: step, before }: Axis, place: number): Span {
  const start = place * stride - before;
  const first = start + step * Math.max(0, Math.ceil(-start / step));
  const end = Math.min(input, start + (size - 1) * step + 1);
  return { first, end, step, count: Math.max(0, Math.ceil((end - first) / step)) };
}
