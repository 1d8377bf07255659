/** Products of two values, and sums over sides of one. */
import type { Kernels, Value } from "../kernels.ts";
import type { Shape } from "../graph.ts";
import { agree, broadcast } from "../shapes.ts";
import { product } from "../vjp/products.ts";
import { sumTo } from "../vjp/merging.ts";
import { largest, largestVjp, stretched } from "../vjp/reducing.ts";
import { type Operation, some } from "./operation.ts";

const matmul: Operation<"matmul"> = {
  shape({ attrs }, inputs) {
    agree("its number of inputs", 2, inputs.length);
    const [a = [], b = []] = inputs;
    const [rows, inner] = matrix(a, attrs.transposeA);
    const [from, columns] = matrix(b, attrs.transposeB);
    agree("the inner side of its second input", inner, from);
    return [...stacks(a, b), rows, columns];
  },
  forward({ kernels, attrs, inputs: [a, b] }) {
    return product(kernels, a as Value, b as Value, attrs);
  },
  reads: () => "inputs",
  vjp({ kernels, attrs: { transposeA, transposeB }, gradient, inputs, wanted }) {
    const [a, b] = inputs as readonly [Value, Value];
    const first = () =>
      transposeA
        ? product(kernels, b, gradient, { transposeA: transposeB, transposeB: true })
        : product(kernels, gradient, b, { transposeA: false, transposeB: !transposeB });
    const second = () =>
      transposeB
        ? product(kernels, gradient, a, { transposeA: true, transposeB: transposeA })
        : product(kernels, a, gradient, { transposeA: !transposeA, transposeB: false });
    return [
      wanted[0] ? shrunk(kernels, first(), a.shape) : null,
      wanted[1] ? shrunk(kernels, second(), b.shape) : null,
    ];
  },
};

const reduce: Operation<"reduce"> = {
  shape({ attrs: { sides, keepDims } }, [from = []]) {
    const out = sides.find((side, at) =>
      from[side] === undefined || sides.indexOf(side) !== at || !Number.isInteger(side)
    );
    if (out !== undefined || sides.length === 0) {
      throw new RangeError(`its sides must be some of ${from.length}, counted from 0, got [${sides}]`);
    }
    return from.flatMap((length, side) => sides.includes(side) ? (keepDims ? [1] : []) : [length]);
  },
  forward({ kernels, attrs, inputs }) {
    const [from] = some(inputs);
    const shape = keptShape(from.shape, attrs.sides);
    const result = attrs.function === "max" ? largest(kernels, from, shape) : sumTo(kernels, from, shape);
    if (attrs.function === "mean") {
      scale(kernels, result, kernels.view(result).length / kernels.view(from).length);
    }
    const [batch = 1, ...sides] = shape;
    return {
      ...result,
      shape: attrs.keepDims ? shape : [batch, ...sides.filter((_, at) => !attrs.sides.includes(at))],
    };
  },
  reads: (attrs) => attrs.function === "max" ? "inputs" : "nothing",
  vjp({ kernels, attrs, gradient, shapes, inputs }) {
    const [shape] = some(shapes);
    const kept = { ...gradient, shape: keptShape(shape, attrs.sides) };
    if (attrs.function === "max") return [largestVjp(kernels, kept, some(inputs)[0])];
    const result = stretched(kernels, kept, shape);
    if (attrs.function === "mean") {
      scale(kernels, result, kernels.view(kept).length / kernels.view(result).length);
    }
    return [result];
  },
};

/** Rows and columns of the last two sides. */
function matrix(shape: Shape, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    throw new RangeError(`its inputs must have two sides or more, got [${shape}]`);
  }
  return transposed ? [columns, rows] : [rows, columns];
}

/** The sides before the matrices. */
function stacks(a: Shape, b: Shape): Shape {
  return a.length === 2 && b.length === 2 ? [] : broadcast([a.slice(0, -2), b.slice(0, -2)]);
}

/** The gradient of an input whose matrices were used for several of the other's; frees what it is made of. */
function shrunk(kernels: Kernels, gradient: Value, shape: Shape): Value {
  const sum = sumTo(kernels, gradient, shape);
  kernels.free(gradient);
  return sum;
}

/** The input's shape, batch in front, with 1 for the sides that are reduced. */
function keptShape(shape: Shape, sides: readonly number[]): number[] {
  return shape.map((length, at) => sides.includes(at - 1) ? 1 : length);
}

function scale(kernels: Kernels, value: Value, factor: number): void {
  const values = kernels.view(value);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
}

/** The family's lines of the table of operations. */
export const PRODUCTS = { matmul, reduce } as const;
