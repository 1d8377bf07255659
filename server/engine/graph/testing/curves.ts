/** Functions of one value that tests compute and differentiate, beside those that layers of an old Keras name. */
import type { Activation } from "../graph.ts";

/** Functions of any number that no layer of an old Keras names. */
export const CURVES: readonly Activation[] = [
  { function: "clip", scale: 1 / 6, shift: 0.5, min: 0, max: 1 },
  { function: "clip", scale: -2, shift: 0.25, min: -Infinity, max: 1.5 },
  { function: "erf" },
  { function: "exp" },
  { function: "softplus" },
  { function: "selu" },
  { function: "mish" },
  { function: "softsign" },
  { function: "square" },
  { function: "abs" },
  { function: "negative" },
  { function: "power", exponent: 3 },
  { function: "exponential-linear", scale: 1, limit: 0.3, rate: 1 },
  { function: "exponential-linear", scale: 1.5, limit: -2, rate: 0.4 },
];

/** Functions of positive numbers. */
export const CURVES_OF_POSITIVE: readonly Activation[] = [
  { function: "log" },
  { function: "sqrt" },
  { function: "reciprocal" },
  { function: "power", exponent: -0.5 },
];
