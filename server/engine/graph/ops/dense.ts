/** Dense layers, and factors with summands per channel. */
import { agree, features } from "../shapes.ts";
import { fusedVjp, rectifierLimit } from "../vjp/activation.ts";
import { denseVjp } from "../vjp/dense.ts";
import { type Operation, some } from "./operation.ts";

export const dense: Operation<"dense"> = {
  shape({ weights }, [input]) {
    const [from, units] = weights.kernel.shape as [number, number];
    agree("its number of input features", from, features(input));
    return [units];
  },
  forward({ kernels, attrs, weights, inputs }) {
    const [input] = some(inputs);
    // The kernel multiplies stacks of matrices: here one of each.
    const a = { ...input, shape: [1, ...input.shape] };
    const b = { ...weights.kernel, shape: [1, ...weights.kernel.shape] };
    const output = kernels.run("_FusedMatMul", { a, b, bias: weights.bias }, {
      transposeA: false,
      transposeB: false,
      activation: attrs.activation,
    });
    return { ...output, shape: output.shape.slice(1) };
  },
  reads: ({ activation }) => activation === "linear" ? "nothing" : "output",
  limit: ({ activation }) => rectifierLimit(activation),
  vjp({ kernels, attrs, weights, gradient, output, rule, rectified }) {
    const inner = fusedVjp(kernels, gradient, output, attrs.activation, rule, rectified);
    const result = denseVjp(kernels, inner, weights.kernel);
    kernels.free(inner);
    return [result];
  },
};

export const affine: Operation<"affine"> = {
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
