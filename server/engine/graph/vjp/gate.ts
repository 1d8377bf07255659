/** A rectifier that a gradient passes while it is computed, so that it is not read and written once more for it. */
import type { GradientRule } from "../../port.ts";
import type { Kernels, Value } from "../kernels.ts";
import { maskRelu } from "./activation.ts";

/** Lets a gradient through where 0 < output < limit. */
export interface Gate {
  /** Output of the rectifier; stays the recording's. */
  readonly output: Value;
  /** `Infinity` where nothing is cut off. */
  readonly limit: number;
  readonly rule: GradientRule;
}

/** Lets a gradient through a gate that its kernel could not apply; frees it where another one comes back. */
export function throughGate(kernels: Kernels, gradient: Value, gate: Gate | null): Value {
  if (gate === null) return gradient;
  const passed = maskRelu(kernels, gradient, gate.output, gate.limit, gate.rule);
  kernels.free(gradient);
  return passed;
}
