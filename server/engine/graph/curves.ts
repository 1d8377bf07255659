/** Functions of one value by Gradcast's own kernels. */
import type { Clip } from "../native/calls.ts";
import { type CurveName, CURVES } from "../native/curves.ts";
import type { Activation } from "./graph.ts";
import type { Kernels, Value } from "./kernels.ts";

/** Keras 2's hard sigmoid. */
const HARD_SIGMOID: Clip = { scale: 0.2, shift: 0.5, min: 0, max: 1 };

/** A function as the kernels have it, or null for one that they do not. */
function curveOf(activation: Activation): { readonly name: CurveName; readonly clip: Clip | null } | null {
  if (activation.function === "clip") return { name: "clip", clip: activation };
  if (activation.function === "hard-sigmoid") return { name: "clip", clip: HARD_SIGMOID };
  const name = CURVES.find((name) => name === activation.function);
  return name === undefined ? null : { name, clip: null };
}

/** Computes a function by Gradcast's own kernels; null where there are none for it. */
export function ownCurve(kernels: Kernels, x: Value, activation: Activation): Value | null {
  const curve = curveOf(activation);
  if (curve === null || kernels.native === null) return null;
  return kernels.native.curve(curve.name, curve.clip, x, null);
}

/**
 * A gradient times the function's slope by Gradcast's own kernels; null where there are none for it.
 *
 * @param read what the slope is read from: the input, or the output of what cuts off
 */
export function ownSlope(
  kernels: Kernels,
  gradient: Value,
  read: Value,
  activation: Activation,
): Value | null {
  const curve = curveOf(activation);
  if (curve === null || kernels.native === null) return null;
  return kernels.native.curve(curve.name, curve.clip, read, gradient);
}
