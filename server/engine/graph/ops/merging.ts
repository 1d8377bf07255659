/** Operations with several inputs. */
import type { Shape } from "../graph.ts";
import type { KernelName, Kernels, Value } from "../kernels.ts";
import { agree, broadcast } from "../shapes.ts";
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

const concat: Operation<"concat"> = {
  shape({ attrs: { axis } }, inputs) {
    const [first, ...rest] = inputs;
    if (first === undefined || rest.length === 0) {
      throw new RangeError(`it must have two inputs or more, got ${inputs.length}`);
    }
    if (axis !== -1) agree("its axis", first.length, axis);
    for (const shape of rest) {
      if (cells(shape) === cells(first)) continue;
      throw new RangeError(`its inputs must have the sides of [${first}], got [${shape}]`);
    }
    return [...first.slice(0, -1), inputs.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0)];
  },
  forward({ kernels, inputs }) {
    const [first] = some(inputs);
    const lengths = inputs.map(({ shape }) => shape.at(-1) ?? 1);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const joined = kernels.allocate([...first.shape.slice(0, -1), total]);
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
  vjp: ({ kernels, gradient, shapes, wanted }) => split(kernels, gradient, shapes, wanted),
};

/** The sides that values joined at their last axis have to share. */
function cells(shape: Shape): string {
  return shape.slice(0, -1).join();
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
export const MERGING = { add, multiply, concat } as const;
