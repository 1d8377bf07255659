/** Functions of one value, and softmax. */
import { ownCurve } from "../curves.ts";
import { erf, GELU_TANH, normalShare, SELU, softplus } from "../functions.ts";
import type { Activation } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { agree } from "../shapes.ts";
import { activationVjp, rectifierLimit, slopeReads } from "../vjp/activation.ts";
import { redirect } from "../vjp/redirect.ts";
import { softmaxVjp } from "../vjp/softmax.ts";
import { type Operation, recorded, some } from "./operation.ts";

const activation: Operation<"activation"> = {
  shape: (_node, [input]) => input ?? [],
  forward: ({ kernels, attrs, inputs }) => apply(kernels, some(inputs)[0], attrs),
  reads: slopeReads,
  limit: (attrs) => rectifierLimit(attrs.function),
  vjp({ kernels, attrs, gradient, inputs, output, rule, rectified }) {
    if (rectified) return [kernels.reshape(gradient, gradient.shape)];
    const reads = slopeReads(attrs);
    const read = reads === "output" ? recorded(output) : reads === "inputs" ? some(inputs)[0] : gradient;
    return [activationVjp(kernels, gradient, read, attrs, rule)];
  },
};

const prelu: Operation<"prelu"> = {
  shape({ weights }, [input = []]) {
    const [channels] = weights.alpha.shape;
    if (channels !== 1) agree("its number of slopes", channels, input.at(-1));
    return input;
  },
  forward({ kernels, weights, inputs }) {
    const [x] = some(inputs);
    const slopes = kernels.view(weights.alpha);
    return map(kernels, x, (v, i) => v >= 0 ? v : v * (slopes[i % slopes.length] as number));
  },
  reads: () => "inputs",
  vjp({ kernels, weights, gradient, inputs, rule }) {
    const alpha = kernels.view(weights.alpha);
    const slopes = map(kernels, some(inputs)[0], (v, i) => v >= 0 ? 1 : alpha[i % alpha.length] as number);
    const at = kernels.view(slopes);
    const passed = map(kernels, gradient, (g, i) => rule === "guided" && g <= 0 ? 0 : g * (at[i] as number));
    if (rule === "redirected") {
      redirect(kernels, { gradient, read: slopes, passed }, (slope) => slope === 0 ? -1 : 0);
    }
    kernels.free(slopes);
    return [passed];
  },
};

const softmax: Operation<"softmax"> = {
  shape({ attrs: { axis } }, [input = []]) {
    if (axis !== -1) agree("its axis", input.length, axis);
    return input;
  },
  forward({ kernels, inputs }) {
    const [logits] = some(inputs);
    return kernels.run("Softmax", { logits }, { dim: logits.shape.length - 1 });
  },
  reads: () => "output",
  vjp: ({ kernels, gradient, output }) => [softmaxVjp(kernels, gradient, recorded(output))],
};

/** Computes a function of one value; the result is the caller's to free. */
export function apply(kernels: Kernels, x: Value, activation: Activation): Value {
  const own = ownCurve(kernels, x, activation);
  if (own !== null) return own;
  switch (activation.function) {
    case "relu":
      return kernels.run("Relu", { x }, {});
    case "relu6":
      return kernels.run("Relu6", { x }, {});
    case "elu":
      return kernels.run("Elu", { x }, {});
    case "sigmoid":
      return kernels.run("Sigmoid", { x }, {});
    case "tanh":
      return kernels.run("Tanh", { x }, {});
    case "rectifier": {
      const { slope, threshold, max } = activation;
      if (threshold === 0 && max === Infinity) return kernels.run("LeakyRelu", { x }, { alpha: slope });
      return map(kernels, x, (v) => v >= max ? max : v >= threshold ? v : slope * (v - threshold));
    }
    case "swish": {
      const share = kernels.run("Sigmoid", { x }, {});
      const product = kernels.run("Multiply", { a: x, b: share }, {});
      kernels.free(share);
      return product;
    }
    case "hard-sigmoid":
      return map(kernels, x, (v) => Math.min(1, Math.max(0, 0.2 * v + 0.5)));
    case "hard-swish":
      return map(kernels, x, (v) => v * Math.min(6, Math.max(0, v + 3)) / 6);
    case "gelu":
      return map(kernels, x, (v) => v * normalShare(v));
    case "gelu-tanh":
      return map(
        kernels,
        x,
        (v) => v / 2 * (1 + Math.tanh(GELU_TANH.factor * (v + GELU_TANH.cubic * v ** 3))),
      );
    case "clip": {
      const { scale, shift, min, max } = activation;
      return map(kernels, x, (v) => Math.min(max, Math.max(min, scale * v + shift)));
    }
    case "erf":
      return map(kernels, x, erf);
    case "exp":
      return map(kernels, x, Math.exp);
    case "log":
      return map(kernels, x, Math.log);
    case "sqrt":
      return map(kernels, x, Math.sqrt);
    case "softplus":
      return map(kernels, x, softplus);
    case "selu":
      return map(kernels, x, (v) => SELU.scale * (v > 0 ? v : SELU.alpha * Math.expm1(v)));
    case "mish":
      return map(kernels, x, (v) => v * Math.tanh(softplus(v)));
    case "softsign":
      return map(kernels, x, (v) => v / (1 + Math.abs(v)));
    case "reciprocal":
      return map(kernels, x, (v) => 1 / v);
    case "square":
      return map(kernels, x, (v) => v * v);
    case "abs":
      return map(kernels, x, Math.abs);
    case "negative":
      return map(kernels, x, (v) => -v);
    case "exponential-linear": {
      const { scale, limit, rate } = activation;
      return map(kernels, x, (v) => v > 0 ? scale * v : limit * Math.expm1(rate * v));
    }
    case "power": {
      const { exponent } = activation;
      return map(kernels, x, (v) => v ** exponent);
    }
    default:
      throw new Error(`Cannot apply the function: ${activation satisfies never} is unknown`);
  }
}

/** Applies a function that the backend has no kernel for. */
function map(kernels: Kernels, x: Value, compute: (value: number, place: number) => number): Value {
  const mapped = kernels.allocate(x.shape);
  const [from, to] = [kernels.view(x), kernels.view(mapped)];
  for (let i = 0; i < to.length; i++) to[i] = compute(from[i] as number, i);
  return mapped;
}

/** The family's lines of the table of operations. */
export const ACTIVATIONS = { activation, prelu, softmax } as const;
