/** Operations with several inputs. */
import type { Shape } from "../graph.ts";
import type { KernelName, Kernels, Value } from "../kernels.ts";
import { agree, broadcast, size } from "../shapes.ts";
import { split, sumTo } from "../vjp/merging.ts";
import { type Operation, some } from "./operation.ts";

const add: Operation<"add"> = {
  shape: (_node, inputs) => broadcast(inputs),
  forward: ({ kernels, inputs }) => reduce(kernels, "Add", some(inputs)),
  reads: () => "nothing",
  vjp: ({ kernels, gradient, shapes, wanted }) =>
    shapes.map((shape, index) => wanted[index] ? sumTo(kernels, gradient, shape) : null),
};

const multiply: Operation<"multiply"> = {
  shape: (_node, inputs) => broadcast(inputs),
  forward: ({ kernels, inputs }) => reduce(kernels, "Multiply", some(inputs)),
  reads: () => "inputs",
  vjp: ({ kernels, gradient, inputs, shapes, wanted }) =>
    shapes.map((shape, index) => {
      if (!wanted[index]) return null;
      const others = inputs.filter((_, other) => other !== index);
      const product = reduce(kernels, "Multiply", [gradient, ...others]);
      const sum = sumTo(kernels, product, shape);
      kernels.free(product);
      return sum;
    }),
};

const subtract: Operation<"subtract"> = {
  shape: (_node, inputs) => two(inputs),
  forward: ({ kernels, inputs }) => reduce(kernels, "Sub", some(inputs)),
  reads: () => "nothing",
  vjp({ kernels, gradient, shapes: [a = [], b = []], wanted }) {
    const first = wanted[0] ? sumTo(kernels, gradient, a) : null;
    if (!wanted[1]) return [first, null];
    const second = sumTo(kernels, gradient, b);
    const negative = kernels.allocate(b);
    const [from, to] = [kernels.view(second), kernels.view(negative)];
    for (let i = 0; i < to.length; i++) to[i] = -(from[i] as number);
    kernels.free(second);
    return [first, negative];
  },
};

const divide: Operation<"divide"> = {
  shape: (_node, inputs) => two(inputs),
  forward: ({ kernels, inputs }) => reduce(kernels, "RealDiv", some(inputs)),
  reads: () => "inputs",
  vjp({ kernels, gradient, inputs, wanted }) {
    const [a, b] = inputs as readonly [Value, Value];
    const share = kernels.run("RealDiv", { a: gradient, b }, {});
    const first = wanted[0] ? sumTo(kernels, share, a.shape) : null;
    if (!wanted[1]) {
      kernels.free(share);
      return [first, null];
    }
    // −g·a/b²
    const quotient = kernels.run("RealDiv", { a, b }, {});
    const product = kernels.run("Multiply", { a: share, b: quotient }, {});
    const values = kernels.view(product);
    for (let i = 0; i < values.length; i++) values[i] = -(values[i] as number);
    const second = sumTo(kernels, product, b.shape);
    for (const value of [share, quotient, product]) kernels.free(value);
    return [first, second];
  },
};

const concat: Operation<"concat"> = {
  shape({ attrs: { axis } }, inputs) {
    const [first, ...rest] = inputs;
    if (first === undefined || rest.length === 0) {
      throw new RangeError(`it must have two inputs or more, got ${inputs.length}`);
    }
    const side = sideOf(axis, first);
    if (first[side] === undefined) {
      throw new RangeError(`its axis must be one of ${first.length}, counted from 1, got ${axis}`);
    }
    for (const shape of rest) {
      if (others(shape, side) === others(first, side)) continue;
      throw new RangeError(`its inputs must have the sides of [${first}], got [${shape}]`);
    }
    return first.with(side, inputs.reduce((sum, shape) => sum + (shape[side] ?? 0), 0));
  },
  forward({ kernels, attrs, inputs }) {
    const [first] = some(inputs);
    const side = sideOf(attrs.axis, first.shape.slice(1)) + 1;
    const sum = inputs.reduce((sum, { shape }) => sum + (shape[side] ?? 1), 0);
    const joined = kernels.allocate(first.shape.with(side, sum));
    const lengths = inputs.map(({ shape }) => size(shape.slice(side)));
    const total = size(joined.shape.slice(side));
    const to = kernels.view(joined);
    let offset = 0;
    for (const [index, input] of inputs.entries()) {
      const from = kernels.view(input);
      const length = lengths[index] ?? 1;
      for (let source = 0, target = offset; source < from.length; source += length, target += total) {
        for (let c = 0; c < length; c++) to[target + c] = from[source + c] as number;
      }
      offset += length;
    }
    return joined;
  },
  reads: () => "nothing",
  vjp: ({ kernels, attrs, gradient, shapes, wanted }) =>
    split(kernels, gradient, shapes, sideOf(attrs.axis, gradient.shape.slice(1)) + 1, wanted),
};

/** The side of a shape without a batch that an axis, the batch being 0 or −1 the last, stands for. */
function sideOf(axis: number, shape: Shape): number {
  return axis === -1 ? shape.length - 1 : axis - 1;
}

/** The sides that values joined at one of them have to share. */
function others(shape: Shape, side: number): string {
  return shape.toSpliced(side, 1).join() + (shape[side] === undefined ? "none" : "");
}

/** Shape of a function of two values. */
function two(inputs: readonly Shape[]): Shape {
  agree("its number of inputs", 2, inputs.length);
  return broadcast(inputs);
}

/** Merges values pair by pair. */
function reduce(kernels: Kernels, kernel: KernelName, [first, ...rest]: readonly [Value, ...Value[]]): Value {
  let merged = first;
  for (const b of rest) {
    const next = kernels.run(kernel, { a: merged, b }, {});
    if (merged !== first) kernels.free(merged);
    merged = next;
  }
  return merged;
}

/** The family's lines of the table of operations. */
export const MERGING = { add, multiply, subtract, divide, concat } as const;
