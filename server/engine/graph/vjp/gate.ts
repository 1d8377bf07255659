/** A rectifier that a gradient passes while it is computed, so that it is not read and written once more for it. */
import type { Kernels, Value } from "../kernels.ts";

/** Where a rectifier's output lay between its limits. */
export interface Gate {
  /** A bit for each number of the output, as Gradcast's own kernels lay them out; stays the recording's. */
  readonly bits: Value;
  readonly rule: "plain" | "guided";
}

/** Lets a gradient through a gate that its kernel could not apply; frees it where another one comes back. */
export function throughGate(kernels: Kernels, gradient: Value, gate: Gate | null): Value {
  if (gate === null) return gradient;
  if (kernels.native === null) throw new Error("Cannot pass the gate: it takes kernels of Gradcast's own");
  const passed = kernels.native.through(gradient, gate);
  kernels.free(gradient);
  return passed;
}
