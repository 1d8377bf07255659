/** The contract of the backward pass: a forward pass that was kept, and vector-Jacobian products over it. */
import type { GradientRule } from "../port.ts";
import type { Value } from "./kernels.ts";

/** Which backward pass a forward pass is kept for: nothing that it does not need is kept. */
export interface Way {
  /** Nodes that gradients come in at: the logits, or a layer whose channel or neuron is scored. */
  readonly from: readonly string[];
  /** Nodes whose gradient will be asked for, the graph's input among them where it is wanted. */
  readonly to: readonly string[];
  /** Further nodes whose values will be read, not the graph's input. */
  readonly also?: readonly string[];
  /** Whether gradients may go back under the rule `redirected`, which reads the outputs of rectifiers; by default not. */
  readonly redirects?: boolean;
}

/** What goes back. */
export interface Pull {
  /** Gradient of the score at nodes of `from`, in the shape of their values; stays the caller's. */
  readonly seeds: ReadonlyMap<string, Value>;
  /** Nodes of `to` whose gradients come back. */
  readonly to: readonly string[];
  readonly rule: GradientRule;
}

/** A forward pass of a batch whose values are still there. */
export interface Recording {
  /** The value of a node of `from`, `to` or `also`; stays the recording's. */
  value(node: string): Value;
  /** Gradients at the nodes of `pull.to`, in their order, the caller's to free. May be called again with other seeds. */
  vjp(pull: Pull): readonly Value[];
  /** Frees every value. */
  free(): void;
}
