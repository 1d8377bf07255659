/** Dense layers, and factors with summands per channel. */
import { sigmoid } from "../functions.ts";
import type { Fusable } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { agree, size } from "../shapes.ts";
import { fusedVjp, rectifierLimit } from "../vjp/activation.ts";
import { denseVjp } from "../vjp/dense.ts";
import { type Call, type Operation, some } from "./operation.ts";

const dense: Operation<"dense"> = {
  shape({ weights }, [input = []]) {
    const [from, units] = weights.kernel.shape as [number, number];
    agree("its number of input features", from, input.at(-1));
    return [...input.slice(0, -1), units];
  },
  forward(call) {
    const { kernels, attrs, weights, inputs } = call;
    const [input] = some(inputs);
    const shape = input.shape.with(-1, weights.kernel.shape[1] ?? 1);
    const rows = asRows(input);
    const product = input.shape.length > 2
      ? kernels.native?.positions(rows, weights.kernel, weights.bias, attrs.activation) ?? null
      : null;
    if (product !== null) return { ...product, shape };
    if (kernels.native !== null) {
      return { ...ownDense(kernels, kernels.native.dense(rows, weights.kernel), call), shape };
    }
    // The kernel multiplies stacks of matrices: here one of each.
    const a = { ...rows, shape: [1, ...rows.shape] };
    const b = { ...weights.kernel, shape: [1, ...weights.kernel.shape] };
    const output = kernels.run("_FusedMatMul", { a, b, bias: weights.bias }, {
      transposeA: false,
      transposeB: false,
      activation: attrs.activation,
    });
    return { ...output, shape };
  },
  reads: ({ activation }) => activation === "linear" ? "nothing" : "output",
  limit: ({ activation }) => rectifierLimit(activation),
  vjp({ kernels, attrs, weights, gradient, shapes, output, rule, rectified }) {
    const inner = fusedVjp(kernels, gradient, output, attrs.activation, rule, rectified);
    const rows = asRows(inner);
    const own = gradient.shape.length > 2
      ? kernels.native?.positionsBack(rows, weights.kernel) ?? null
      : null;
    const result = own ?? denseVjp(kernels, rows, weights.kernel);
    kernels.free(inner);
    return [{ ...result, shape: [...some(shapes)[0]] }];
  },
};

/** A value of any rank as `[rows, length of its last side]`. */
function asRows(value: Value): Value {
  return { ...value, shape: [size(value.shape.slice(0, -1)), value.shape.at(-1) ?? 1] };
}

/** Adds the bias to sums, which are freed, and applies the activation. */
function ownDense(kernels: Kernels, sums: Value, { attrs, weights }: Call<"dense">): Value {
  const [rows = 1, length = 1] = sums.shape;
  const [, units = 1] = weights.kernel.shape;
  const output = kernels.allocate([rows, units]);
  const [from, bias, to] = [sums, weights.bias, output].map((value) => kernels.view(value)) as Views;
  const activate = FUNCTIONS[attrs.activation];
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      to[row * units + unit] = activate((from[row * length + unit] as number) + (bias[unit] as number));
    }
  }
  kernels.free(sums);
  return output;
}

type Views = [Float32Array, Float32Array, Float32Array];

/** What a dense layer may apply in the same step. */
const FUNCTIONS: Readonly<Record<Fusable | "linear", (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => x >= 0 ? x : Math.expm1(x),
  sigmoid,
};

const affine: Operation<"affine"> = {
  shape({ attrs, weights }, [input = []]) {
    if (attrs.axis !== -1) agree("its axis", input.length, attrs.axis);
    const [channels] = weights.scale.shape;
    if (channels !== 1) agree("its number of channels", channels, input.at(-1));
    return input;
  },
  forward({ kernels, weights, inputs }) {
    const [x] = some(inputs);
    const scaled = kernels.run("Multiply", { a: x, b: weights.scale }, {});
    const shifted = kernels.run("Add", { a: scaled, b: weights.shift }, {});
    kernels.free(scaled);
    return shifted;
  },
  reads: () => "nothing",
  vjp: ({ kernels, weights, gradient }) => [kernels.run("Multiply", { a: gradient, b: weights.scale }, {})],
};

/** The family's lines of the table of operations. */
export const DENSE = { dense, affine } as const;
