/** How values of any rank lie in memory, and walks through two of them at once. */
import type { Shape } from "./graph.ts";

/** How far apart neighbours along each side lie in a value that is stored row by row. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let side = shape.length - 2; side >= 0; side--) {
    strides[side] = (strides[side + 1] as number) * (shape[side + 1] as number);
  }
  return strides;
}

/** The same with 0 where a side of 1 is stretched, so that every place along it is the one that there is. */
export function stretchedStrides(shape: Shape): number[] {
  return stridesOf(shape).map((stride, side) => shape[side] === 1 ? 0 : stride);
}

/** A run of a walk: `length` places that follow each other here, and lie `step` apart there. */
export type Visit = (here: number, there: number, length: number, step: number) => void;

/**
 * Walks through a value row by row, along its last side in one run.
 *
 * @param sides of the value, at least one
 * @param steps how far apart neighbours along each side lie in the other value
 * @param start place in the other value that the walk begins at
 */
export function walk(sides: Shape, steps: readonly number[], start: number, visit: Visit): void {
  const last = sides.length - 1;
  const length = sides[last] ?? 1;
  const step = steps[last] ?? 1;
  const runs = sides.slice(0, -1).reduce((product, side) => product * side, 1);
  const counter = new Int32Array(Math.max(0, last));
  let there = start;
  for (let run = 0; run < runs; run++) {
    visit(run * length, there, length, step);
    for (let side = last - 1; side >= 0; side--) {
      const stride = steps[side] as number;
      counter[side] = (counter[side] as number) + 1;
      there += stride;
      if ((counter[side] as number) < (sides[side] as number)) break;
      there -= stride * (sides[side] as number);
      counter[side] = 0;
    }
  }
}

/** Copies what a walk meets in `from` into `to`, row by row. */
export function pick(
  from: Float32Array,
  to: Float32Array,
  { sides, steps, start = 0 }: Walk,
): void {
  walk(sides, steps, start, (here, there, length, step) => {
    if (step === 1) to.set(from.subarray(there, there + length), here);
    else for (let i = 0; i < length; i++) to[here + i] = from[there + i * step] as number;
  });
}

/** Adds numbers that lie row by row to what a walk meets in `to`. */
export function addAlong(
  from: Float32Array,
  to: Float32Array,
  { sides, steps, start = 0 }: Walk,
): void {
  walk(sides, steps, start, (here, there, length, step) => {
    for (let i = 0; i < length; i++) {
      const at = there + i * step;
      to[at] = (to[at] as number) + (from[here + i] as number);
    }
  });
}

/** Where a walk leads; see {@link walk}. */
export interface Walk {
  readonly sides: Shape;
  readonly steps: readonly number[];
  readonly start?: number;
}
