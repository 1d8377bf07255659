/** What a line of the table of operations has to say. */
import type { GradientRule } from "../../port.ts";
import type { Derive } from "../constants.ts";
import type { Kind, Node, Operations, Pair, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import type { Gate } from "../vjp/gate.ts";

/** A node's constants in the WebAssembly memory. */
export type Uploaded<K extends Kind> = { readonly [W in keyof Operations[K]["weights"]]: Value };

/** All that an operation works on. */
export interface Call<K extends Kind> {
  readonly kernels: Kernels;
  /** Inputs of the network that are computed together. */
  readonly batch: number;
  readonly attrs: Operations[K]["attrs"];
  readonly weights: Uploaded<K>;
  /** Values of the nodes that feed it, batch in front. */
  readonly inputs: readonly Value[];
}

/** Values of the forward pass that the backward pass reads, beside the gradient. */
export type Reads = "inputs" | "output" | "nothing";

/** All that a vector-Jacobian product works on. */
export interface Pullback<K extends Kind> {
  readonly kernels: Kernels;
  readonly attrs: Operations[K]["attrs"];
  readonly weights: Uploaded<K>;
  /** A further form of a weight, made once and kept as long as the weight. */
  readonly derive: (weight: keyof Operations[K]["weights"] & string, form: string, make: Derive) => Value;
  readonly rule: GradientRule;
  /** Gradient of the score at the output; stays the caller's. */
  readonly gradient: Value;
  /** Shapes of the inputs, batch in front. */
  readonly shapes: readonly Shape[];
  /** Values of the inputs where the operation reads them, otherwise none. */
  readonly inputs: readonly Value[];
  /** Value of the output where the operation reads it. */
  readonly output: Value | null;
  /** For each input whether its gradient is asked for; the others' are null. */
  readonly wanted: readonly boolean[];
  /** Whether the gradient has gone through the operation's own rectifier already. */
  readonly rectified: boolean;
  /** The rectifier of the only input, which its gradient has to go through; null where that is left to others. */
  readonly gate: Gate | null;
}

/** One line of the table. */
export interface Operation<K extends Kind> {
  /** Infers the output's shape; a RangeError says in half a sentence what does not fit. */
  shape(node: Pick<Node<K>, "attrs" | "weights">, inputs: readonly Shape[]): Shape;
  /** Computes the output, which the caller frees; inputs and constants stay. */
  forward(call: Call<K>): Value;
  /**
   * Computes a part of the output, of this height and width, from the part of the input that it looks at, which has
   * its border in it; only where Gradcast's own kernels know the layer's parts.
   */
  part?(call: Call<K>, output: Pair): Value;
  /** What `vjp` reads of the forward pass, so that nothing else is kept for it. */
  reads(attrs: Operations[K]["attrs"]): Reads;
  /** Limit of the rectifier that the output has gone through last (see `Gate`), or null; absent: none ever. */
  limit?(attrs: Operations[K]["attrs"]): number | null;
  /** Whether `vjp` takes a gate; it has one input then. */
  readonly takesGate?: true;
  /** The gradient of the score at each input, the caller's to free; weights are constants. */
  vjp(call: Pullback<K>): readonly (Value | null)[];
}

/** The shape rules have seen to it that every operation has its inputs. */
export function some<T>(inputs: readonly T[]): readonly [T, ...T[]] {
  return inputs as readonly [T, ...T[]];
}

/** The output that an operation reads in the backward pass. */
export function recorded(output: Value | null): Value {
  if (output === null) throw new Error("Cannot compute the gradient: the output was not kept");
  return output;
}
