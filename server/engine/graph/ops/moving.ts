/** Operations on values of any rank that put numbers in other places. */
import type { Shape } from "../graph.ts";
import { size } from "../shapes.ts";
import { addAlong, pick, stridesOf, type Walk } from "../strides.ts";
import type { Kernels, Value } from "../kernels.ts";
import { type Operation, some } from "./operation.ts";

const transpose: Operation<"transpose"> = {
  shape({ attrs: { order } }, [from = []]) {
    const sorted = order.toSorted((a, b) => a - b);
    if (sorted.length !== from.length || sorted.some((side, at) => side !== at)) {
      throw new RangeError(`its order must name each of ${from.length} sides once, got [${order}]`);
    }
    return order.map((side) => from[side] ?? 1);
  },
  forward: ({ kernels, attrs, inputs }) => turned(kernels, some(inputs)[0], attrs.order),
  reads: () => "nothing",
  vjp: ({ kernels, attrs: { order }, gradient }) => [
    turned(kernels, gradient, order.map((_, side) => order.indexOf(side))),
  ],
};

const slice: Operation<"slice"> = {
  shape({ attrs: { starts, sizes } }, [from = []]) {
    const fits = starts.length === from.length && sizes.length === from.length &&
      from.every((side, at) => {
        const [start = -1, length = 0] = [starts[at], sizes[at]];
        return start >= 0 && length > 0 && start + length <= side;
      });
    if (fits) return sizes;
    throw new RangeError(`its input must have [${sizes}] from [${starts}] on, got [${from}]`);
  },
  forward({ kernels, attrs, inputs }) {
    const [from] = some(inputs);
    const block = kernels.allocate([from.shape[0] ?? 1, ...attrs.sizes]);
    pick(kernels.view(from), kernels.view(block), blockOf(from.shape, attrs));
    return block;
  },
  reads: () => "nothing",
  vjp({ kernels, attrs, gradient, shapes }) {
    const [shape] = some(shapes);
    const whole = kernels.allocate(shape);
    addAlong(kernels.view(gradient), kernels.view(whole).fill(0), blockOf(shape, attrs));
    return [whole];
  },
};

const gather: Operation<"gather"> = {
  shape({ attrs: { side, indices } }, [from = []]) {
    const places = from[side];
    if (places === undefined) {
      throw new RangeError(`its side must be one of ${from.length}, counted from 0, got ${side}`);
    }
    const out = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= places);
    if (out === undefined && indices.length > 0) {
      return from.map((length, at) => at === side ? indices.length : length);
    }
    throw new RangeError(`its indices must be from 0 to ${places - 1}, got ${out ?? "none"}`);
  },
  forward({ kernels, attrs: { side, indices }, inputs }) {
    const [from] = some(inputs);
    const gathered = kernels.allocate(
      from.shape.map((length, at) => at === side + 1 ? indices.length : length),
    );
    const runs = runsOf(from.shape, side + 1);
    const [source, to] = [kernels.view(from), kernels.view(gathered)];
    for (let outer = 0, at = 0; outer < runs.count; outer++) {
      for (const index of indices) {
        const start = (outer * runs.places + index) * runs.length;
        to.set(source.subarray(start, start + runs.length), at);
        at += runs.length;
      }
    }
    return gathered;
  },
  reads: () => "nothing",
  vjp({ kernels, attrs: { side, indices }, gradient, shapes }) {
    const [shape] = some(shapes);
    const whole = kernels.allocate(shape);
    const runs = runsOf(shape, side + 1);
    const [source, to] = [kernels.view(gradient), kernels.view(whole).fill(0)];
    for (let outer = 0, at = 0; outer < runs.count; outer++) {
      for (const index of indices) {
        const start = (outer * runs.places + index) * runs.length;
        for (let i = start; i < start + runs.length; i++) {
          to[i] = (to[i] as number) + (source[at++] as number);
        }
      }
    }
    return [whole];
  },
};

const constant: Operation<"constant"> = {
  shape: ({ weights }) => weights.value.shape,
  forward({ kernels, batch, weights: { value } }) {
    if (batch === 1) return kernels.reshape(value, [1, ...value.shape]);
    const repeated = kernels.allocate([batch, ...value.shape]);
    const [from, to] = [kernels.view(value), kernels.view(repeated)];
    for (let row = 0; row < batch; row++) to.set(from, row * from.length);
    return repeated;
  },
  reads: () => "nothing",
  vjp: () => [],
};

/** @param order sides without the batch */
function turned(kernels: Kernels, from: Value, order: readonly number[]): Value {
  const [batch = 1, ...sides] = from.shape;
  const shape = [batch, ...order.map((side) => sides[side] ?? 1)];
  const steps = stridesOf(from.shape);
  const to = kernels.allocate(shape);
  pick(kernels.view(from), kernels.view(to), {
    sides: shape,
    steps: [steps[0] ?? 1, ...order.map((side) => steps[side + 1] ?? 1)],
  });
  return to;
}

/** Where a block lies in a whole, batch in front. */
function blockOf(
  whole: Shape,
  { starts, sizes }: { readonly starts: readonly number[]; readonly sizes: readonly number[] },
): Walk {
  const steps = stridesOf(whole);
  const start = starts.reduce((sum, place, side) => sum + place * (steps[side + 1] ?? 1), 0);
  return { sides: [whole[0] ?? 1, ...sizes], steps, start };
}

/** A value as `[count, places, length]` around one of its sides. */
function runsOf(shape: Shape, side: number) {
  return { count: size(shape.slice(0, side)), places: shape[side] ?? 1, length: size(shape.slice(side + 1)) };
}

/** The family's lines of the table of operations. */
export const MOVING = { transpose, slice, gather, constant } as const;
