/** Sums of gradient times bias over one node's value. */
import type { Shape } from "../../graph/graph.ts";
import type { Grid } from "../../graph/places.ts";
import type { BiasTerm } from "../../port.ts";
import { onGrid } from "./volumes.ts";

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
 * @param grid how the value lies on the picture, null: not at all; by default as `[height, width, channels]`
 */
export function measure(
  gradient: Float32Array,
  biases: Float32Array,
  shape: Shape,
  grid: Grid | null = pictureOf(shape),
): Measured {
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
  if (grid === null) return { total, map: null };
  const { height, width } = grid;
  return { total, map: { height, width, channels, sums: onGrid(sums, 1, grid), min, max } };
}

function pictureOf([height = 1, width = 1, ...others]: Shape): Grid | null {
  return others.length === 1 ? { height, width, skip: 0 } : null;
}
