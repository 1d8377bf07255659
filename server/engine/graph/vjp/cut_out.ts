/** Cuts a rectangle out of pictures. */
import type { Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

/**
 * The part of a value that begins at `top`, `left`.
 *
 * @param shape of the part, `[batch, height, width, channels]`
 * @returns the caller's to free
 */
export function cutOut(kernels: Kernels, value: Value, shape: Shape, top: number, left: number): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const [, high = 1, wide = 1] = value.shape;
  const part = kernels.allocate(shape);
  const [from, to] = [kernels.view(value), kernels.view(part)];
  const line = width * channels;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      const start = ((b * high + y + top) * wide + left) * channels;
      to.set(from.subarray(start, start + line), (b * height + y) * line);
    }
  }
  return part;
}
