/** Largest numbers along sides, with their gradient, and numbers stretched over sides. */
import type { Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { pick, stretchedStrides, walk } from "../strides.ts";

/** The largest of what lies along the sides that are 1 in `shape`; the caller's to free. */
export function largest(kernels: Kernels, value: Value, shape: Shape): Value {
  const result = kernels.allocate(shape);
  const [from, to] = [kernels.view(value), kernels.view(result)];
  for (const [at, place] of largestPlaces(from, value.shape, shape).entries()) to[at] = from[place] as number;
  return result;
}

/**
 * Gives each gradient to the largest number that it is of, the first of equal ones.
 *
 * @param gradient with 1 for the sides that were reduced; stays the caller's
 * @returns in the input's shape, the caller's to free
 */
export function largestVjp(kernels: Kernels, gradient: Value, input: Value): Value {
  const result = kernels.allocate(input.shape);
  const places = largestPlaces(kernels.view(input), input.shape, gradient.shape);
  const [from, to] = [kernels.view(gradient), kernels.view(result).fill(0)];
  for (const [at, place] of places.entries()) to[place] = from[at] as number;
  return result;
}

/** A value repeated along its sides of 1 up to a shape; the caller's to free. */
export function stretched(kernels: Kernels, value: Value, shape: Shape): Value {
  const result = kernels.allocate(shape);
  pick(kernels.view(value), kernels.view(result), { sides: shape, steps: stretchedStrides(value.shape) });
  return result;
}

/** By place in `shape`, where the largest of its numbers lies in the value. */
export function largestPlaces(values: Float32Array, sides: Shape, shape: Shape): Int32Array {
  const places = new Int32Array(shape.reduce((product, side) => product * side, 1)).fill(-1);
  walk(sides, stretchedStrides(shape), 0, (here, there, length, step) => {
    for (let i = 0; i < length; i++) {
      const place = places[there + i * step] as number;
      if (place < 0 || (values[here + i] as number) > (values[place] as number)) {
        places[there + i * step] = here + i;
      }
    }
  });
  return places;
}
