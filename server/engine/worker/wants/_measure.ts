/** Sums of gradient times bias over one node's value. */
import type { Shape } from "../../graph/graph.ts";
import type { BiasTerm } from "../../port.ts";

/** What one bias contributes. */
export interface Measured {
  /** Σ of gradient·bias. */
  readonly total: number;
  /** Where it contributes, or null for a value that has no places. */
  readonly map: Omit<BiasTerm, "layer"> | null;
}

/**
 * Multiplies a gradient by biases and adds up.
 *
 * @param gradient flattened value of `shape`
 * @param biases `[channels]`, one for all channels, or one for each number of the gradient
 */
export function measure(gradient: Float32Array, biases: Float32Array, shape: Shape): Measured {
  const channels = shape.at(-1) ?? 1;
  const cells = gradient.length / channels;
  const perCell = biases.length === gradient.length ? channels : 0;
  const perChannel = biases.length === 1 ? 0 : 1;
  const sums = new Float32Array(cells);
  let total = 0;
  let min = Infinity;
  let max = 0;
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      const bias = biases[cell * perCell + channel * perChannel] as number;
      const term = (gradient[cell * channels + channel] as number) * bias;
      const size = Math.abs(term);
      total += term;
      sum += size;
      if (size < min) min = size;
      if (size > max) max = size;
    }
    sums[cell] = sum;
  }
  const [height = 1, width = 1] = shape;
  return { total, map: shape.length === 3 ? { height, width, channels, sums, min, max } : null };
}
