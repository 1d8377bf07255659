/** The gradient at the input of a function of one value. */
import type { GradientRule } from "../../port.ts";
import type { Activation, Fusable } from "../graph.ts";
import { ownSlope } from "../curves.ts";
import type { Kernels, Value } from "../kernels.ts";
import { GELU_TANH, normalDensity, normalShare, SELU, sigmoid, softplus } from "../functions.ts";
import type { Reads } from "../ops/operation.ts";
import { redirect } from "./redirect.ts";

/** What the slope of a function is read from; from the output wherever that decides it. */
export function slopeReads(activation: Activation): Reads {
  switch (activation.function) {
    case "relu":
    case "relu6":
    case "elu":
    case "sigmoid":
    case "tanh":
    case "hard-sigmoid":
    case "clip":
    case "exp":
    case "sqrt":
    case "softplus":
    case "selu":
    case "reciprocal":
      return "output";
    case "rectifier":
    case "swish":
    case "hard-swish":
    case "gelu":
    case "gelu-tanh":
    case "erf":
    case "log":
    case "mish":
    case "softsign":
    case "square":
    case "abs":
    case "exponential-linear":
    case "power":
      return "inputs";
    case "negative":
      return "nothing";
    default:
      throw new Error(`Cannot take the function's gradient: ${activation satisfies never} is unknown`);
  }
}

/**
 * The gradient at the input of a function of one value.
 *
 * With the rule `guided` a rectifier passes a gradient only where that is positive as well
 * (Springenberg et al., Striving for Simplicity, 2015); with `redirected` {@link redirect} follows the plain rule.
 *
 * @param read input or output, as {@link slopeReads} says; where that is nothing, any value of the shape
 * @returns in the gradient's shape, the caller's to free
 */
export function activationVjp(
  kernels: Kernels,
  gradient: Value,
  read: Value,
  activation: Activation,
  rule: GradientRule,
): Value {
  const own = ownSlope(kernels, gradient, read, activation);
  if (own !== null) return own;
  switch (activation.function) {
    case "relu":
    case "relu6":
      return maskRelu(kernels, gradient, read, rectifierLimit(activation.function) ?? Infinity, rule);
    case "rectifier": {
      const { slope, threshold, max } = activation;
      const slopes = (x: number) => x >= max ? 0 : x >= threshold ? 1 : slope;
      const passed = timesSlope(kernels, gradient, read, slopes, rule === "guided");
      if (rule === "redirected") {
        redirect(
          kernels,
          { gradient, read, passed },
          (x) => x >= max ? 1 : x >= threshold || slope !== 0 ? 0 : -1,
        );
      }
      return passed;
    }
    case "elu":
      return timesSlope(kernels, gradient, read, (y) => y > 0 ? 1 : y + 1);
    case "sigmoid":
      return timesSlope(kernels, gradient, read, (y) => y * (1 - y));
    case "tanh":
      return timesSlope(kernels, gradient, read, (y) => 1 - y * y);
    case "hard-sigmoid":
      return timesSlope(kernels, gradient, read, (y) => y > 0 && y < 1 ? 0.2 : 0);
    case "swish":
      return timesSlope(kernels, gradient, read, (x) => {
        const share = sigmoid(x);
        return share * (1 + x * (1 - share));
      });
    case "hard-swish":
      return timesSlope(kernels, gradient, read, (x) => x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6);
    case "gelu":
      return timesSlope(kernels, gradient, read, (x) => normalShare(x) + x * normalDensity(x));
    case "gelu-tanh":
      return timesSlope(kernels, gradient, read, (x) => {
        const { factor, cubic } = GELU_TANH;
        const bent = Math.tanh(factor * (x + cubic * x ** 3));
        return (1 + bent) / 2 + x / 2 * (1 - bent * bent) * factor * (1 + 3 * cubic * x * x);
      });
    case "clip": {
      const { scale, min, max } = activation;
      return timesSlope(kernels, gradient, read, (y) => y > min && y < max ? scale : 0);
    }
    case "erf":
      return timesSlope(kernels, gradient, read, (x) => 2 / Math.sqrt(Math.PI) * Math.exp(-x * x));
    case "exp":
      return timesSlope(kernels, gradient, read, (y) => y);
    case "log":
      return timesSlope(kernels, gradient, read, (x) => 1 / x);
    case "sqrt":
      return timesSlope(kernels, gradient, read, (y) => 0.5 / y);
    case "softplus":
      return timesSlope(kernels, gradient, read, (y) => -Math.expm1(-y));
    case "selu":
      return timesSlope(kernels, gradient, read, (y) => y > 0 ? SELU.scale : y + SELU.scale * SELU.alpha);
    case "mish":
      return timesSlope(kernels, gradient, read, (x) => {
        const bent = Math.tanh(softplus(x));
        return bent + x * (1 - bent * bent) * sigmoid(x);
      });
    case "softsign":
      return timesSlope(kernels, gradient, read, (x) => (1 + Math.abs(x)) ** -2);
    case "reciprocal":
      return timesSlope(kernels, gradient, read, (y) => -y * y);
    case "square":
      return timesSlope(kernels, gradient, read, (x) => 2 * x);
    case "abs":
      return timesSlope(kernels, gradient, read, Math.sign);
    case "negative":
      return timesSlope(kernels, gradient, read, () => -1);
    case "exponential-linear": {
      const { scale, limit, rate } = activation;
      return timesSlope(kernels, gradient, read, (x) => x > 0 ? scale : limit * rate * Math.exp(rate * x));
    }
    case "power": {
      const { exponent } = activation;
      return timesSlope(kernels, gradient, read, (x) => exponent * x ** (exponent - 1));
    }
    default:
      throw new Error(`Cannot take the function's gradient: ${activation satisfies never} is unknown`);
  }
}

/** Limit of a rectifier that passes a gradient where 0 < output < limit; null for other functions. */
export function rectifierLimit(name: Activation["function"] | "linear"): number | null {
  return name === "relu" ? Infinity : name === "relu6" ? 6 : null;
}

/** The same for an activation inside a convolution or dense layer; one more owner of the gradient where it has none. */
export function fusedVjp(
  kernels: Kernels,
  gradient: Value,
  output: Value | null,
  name: Fusable | "linear",
  rule: GradientRule,
  rectified: boolean,
): Value {
  if (name === "linear" || output === null || rectified) return kernels.reshape(gradient, gradient.shape);
  return activationVjp(kernels, gradient, output, { function: name }, rule);
}

/**
 * The gradient where 0 < output < limit, and otherwise 0; `guided` only where it is positive as well, `redirected` with
 * {@link redirect} behind it.
 */
export function maskRelu(
  kernels: Kernels,
  gradient: Value,
  output: Value,
  limit: number,
  rule: GradientRule,
): Value {
  const passing = rule === "guided" ? "guided" : "plain";
  const passed = kernels.native?.mask(gradient, output, limit, passing) ??
    maskByHand(kernels, gradient, output, limit, passing);
  if (rule === "redirected") {
    redirect(kernels, { gradient, read: output, passed }, (y) => y <= 0 ? -1 : y >= limit ? 1 : 0);
  }
  return passed;
}

function maskByHand(
  kernels: Kernels,
  gradient: Value,
  output: Value,
  limit: number,
  rule: "plain" | "guided",
): Value {
  const masked = kernels.allocate(gradient.shape);
  const [from, at, to] = [kernels.view(gradient), kernels.view(output), kernels.view(masked)];
  const least = rule === "guided" ? 0 : -Infinity;
  for (let i = 0; i < to.length; i++) {
    const value = at[i] as number;
    const passing = from[i] as number;
    to[i] = value > 0 && value < limit && passing > least ? passing : 0;
  }
  return masked;
}

function timesSlope(
  kernels: Kernels,
  gradient: Value,
  read: Value,
  slope: (value: number) => number,
  onlyPositive = false,
): Value {
  const product = kernels.allocate(gradient.shape);
  const [from, at, to] = [kernels.view(gradient), kernels.view(read), kernels.view(product)];
  for (let i = 0; i < to.length; i++) {
    const passing = from[i] as number;
    to[i] = onlyPositive && passing <= 0 ? 0 : passing * slope(at[i] as number);
  }
  return product;
}
