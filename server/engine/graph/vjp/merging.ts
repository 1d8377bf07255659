/** Gradients at the inputs of operations that merge values. */
import type { Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { size } from "../shapes.ts";

/** Adds up two gradients that reach one node; frees both. */
export function accumulate(kernels: Kernels, a: Value, b: Value): Value {
  const sum = kernels.run("Add", { a, b }, {});
  kernels.free(a);
  kernels.free(b);
  return sum;
}

/**
 * Sums a gradient over the axes along which an input of sides 1 was stretched.
 *
 * @param gradient in the shape of the merged value; stays the caller's
 * @param shape the input's, batch in front
 * @returns in the input's shape, the caller's to free
 */
export function sumTo(kernels: Kernels, gradient: Value, shape: Shape): Value {
  if (shape.every((side, axis) => side === gradient.shape[axis])) return kernels.reshape(gradient, shape);
  const sums = kernels.allocate(shape);
  const steps = strides(shape);
  const [from, to] = [kernels.view(gradient), kernels.view(sums).fill(0)];
  const counter = gradient.shape.map(() => 0);
  const last = counter.length - 1;
  const run = gradient.shape[last] ?? 1;
  const step = steps[last] ?? 0;
  for (let source = 0; source < from.length; source += run) {
    const target = counter.reduce((sum, place, axis) => sum + place * (steps[axis] ?? 0), 0);
    for (let i = 0; i < run; i++) {
      to[target + i * step] = (to[target + i * step] as number) + (from[source + i] as number);
    }
    for (let axis = last - 1; axis >= 0; axis--) {
      counter[axis] = ((counter[axis] ?? 0) + 1) % (gradient.shape[axis] ?? 1);
      if (counter[axis] !== 0) break;
    }
  }
  return sums;
}

/** Cuts a gradient along a side, the batch being 0, into the parts joined there; parts that nobody wants are null. */
export function split(
  kernels: Kernels,
  gradient: Value,
  shapes: readonly Shape[],
  side: number,
  wanted: readonly boolean[],
): readonly (Value | null)[] {
  const total = size(gradient.shape.slice(side));
  let offset = 0;
  return shapes.map((shape, index) => {
    const length = size(shape.slice(side));
    const start = offset;
    offset += length;
    if (!wanted[index]) return null;
    const part = kernels.allocate(shape);
    const [from, to] = [kernels.view(gradient), kernels.view(part)];
    for (let source = start, target = 0; target < to.length; source += total, target += length) {
      for (let c = 0; c < length; c++) to[target + c] = from[source + c] as number;
    }
    return part;
  });
}

/** How far apart neighbours along each axis lie; 0 where there is but one. */
function strides(shape: Shape): readonly number[] {
  return shape.map((side, axis) =>
    side === 1 ? 0 : shape.slice(axis + 1).reduce((product, next) => product * next, 1)
  );
}
