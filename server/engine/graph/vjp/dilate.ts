/** Spreads values by a stride, with zeros between them, and takes them together again. */
import type { Pair } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

/**
 * Puts `stride − 1` zeros between neighbours.
 *
 * @param value `[batch, height, width, channels]`
 * @returns `[batch, (height − 1)·rows + 1, (width − 1)·columns + 1, channels]`, the caller's to free
 */
export function dilate(kernels: Kernels, value: Value, [rows, columns]: Pair): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = value.shape;
  const [high, wide] = [(height - 1) * rows + 1, (width - 1) * columns + 1];
  const spread = kernels.allocate([batch, high, wide, channels]);
  const from = kernels.view(value);
  const to = kernels.view(spread).fill(0);
  let source = 0;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = ((b * high + y * rows) * wide + x * columns) * channels;
        for (let c = 0; c < channels; c++) to[target + c] = from[source++] as number;
      }
    }
  }
  return spread;
}

/**
 * Picks every so many rows and columns, which undoes {@link dilate}.
 *
 * @param value `[batch, height, width, channels]`
 * @returns `[batch, (height − 1)/rows + 1, (width − 1)/columns + 1, channels]`, the caller's to free
 */
export function everyOther(kernels: Kernels, value: Value, [rows, columns]: Pair): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = value.shape;
  const [high, wide] = [Math.floor((height - 1) / rows) + 1, Math.floor((width - 1) / columns) + 1];
  const picked = kernels.allocate([batch, high, wide, channels]);
  const [from, to] = [kernels.view(value), kernels.view(picked)];
  let target = 0;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const source = ((b * height + y * rows) * width + x * columns) * channels;
        for (let c = 0; c < channels; c++) to[target++] = from[source + c] as number;
      }
    }
  }
  return picked;
}
