/** Operations that move numbers about and leave them as they are. */
import type { Pair, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { size, volume } from "../shapes.ts";
import { cutOut } from "../vjp/cut_out.ts";
import { type Operation, some } from "./operation.ts";

const input: Operation<"input"> = {
  shape: ({ attrs }) => attrs.shape,
  forward() {
    throw new Error("Cannot compute an input: it is given");
  },
  reads: () => "nothing",
  vjp: () => [],
};

const pad: Operation<"pad"> = {
  shape({ attrs: { rows, columns } }, [from]) {
    const { height, width, channels } = volume(from);
    const [high, wide] = [height + rows[0] + rows[1], width + columns[0] + columns[1]];
    if (high > 0 && wide > 0) return [high, wide, channels];
    throw new RangeError(`its input must be larger than what is cut off, got [${from}]`);
  },
  forward({ kernels, attrs: { rows, columns }, inputs }) {
    return padded(kernels, some(inputs)[0], rows, columns);
  },
  reads: () => "nothing",
  vjp: ({ kernels, attrs: { rows, columns }, gradient }) => [
    padded(kernels, gradient, [-rows[0], -rows[1]], [-columns[0], -columns[1]]),
  ],
};

const flatten: Operation<"flatten"> = {
  shape: (_node, [from]) => [size(from ?? [])],
  forward({ kernels, inputs }) {
    const [from] = some(inputs);
    const [batch = 1, ...sides] = from.shape;
    return kernels.reshape(from, [batch, size(sides)]);
  },
  reads: () => "nothing",
  vjp: ({ kernels, gradient, shapes }) => [kernels.reshape(gradient, some(shapes)[0])],
};

const reshape: Operation<"reshape"> = {
  shape: ({ attrs }, [from = []]) => resolve(attrs.shape, from),
  forward({ kernels, attrs, inputs }) {
    const [from] = some(inputs);
    const [batch = 1, ...sides] = from.shape;
    return kernels.reshape(from, [batch, ...resolve(attrs.shape, sides)]);
  },
  reads: () => "nothing",
  vjp: ({ kernels, gradient, shapes }) => [kernels.reshape(gradient, some(shapes)[0])],
};

const identity: Operation<"identity"> = {
  shape: (_node, [from]) => from ?? [],
  forward: ({ kernels, inputs }) => kernels.reshape(some(inputs)[0], some(inputs)[0].shape),
  reads: () => "nothing",
  vjp: ({ kernels, gradient }) => [kernels.reshape(gradient, gradient.shape)],
};

/** Puts zeros around pictures, or cuts off where all numbers are negative or 0. */
function padded(kernels: Kernels, x: Value, rows: Pair, columns: Pair): Value {
  if ([...rows, ...columns].some((count) => count > 0)) {
    return kernels.run("PadV2", { x }, { paddings: [[0, 0], rows, columns, [0, 0]], constantValue: 0 });
  }
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const shape = [batch, height + rows[0] + rows[1], width + columns[0] + columns[1], channels];
  return cutOut(kernels, x, shape, -rows[0], -columns[0]);
}

/** Puts what is left over in the place of −1. */
function resolve(wanted: Shape, from: Shape): Shape {
  const known = size(wanted.filter((side) => side !== -1));
  const resolved = wanted.map((side) => side === -1 ? size(from) / known : side);
  if (size(resolved) === size(from) && resolved.every(Number.isInteger)) return resolved;
  throw new RangeError(`its input must fit into [${wanted}], got [${from}]`);
}

/** The family's lines of the table of operations. */
export const SHAPING = { input, pad, flatten, reshape, identity } as const;
