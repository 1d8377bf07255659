/** A graph bound to its constants, with the order of what to compute. */
import type { GradientRule } from "../port.ts";
import type { Constants } from "./constants.ts";
import type { Graph, Kind, Node, Pair, Shape } from "./graph.ts";
import type { Kernels, Value } from "./kernels.ts";
import type { Gate } from "./vjp/gate.ts";
import { OPERATIONS, type Uploaded } from "./ops/mod.ts";
import { Outline, type OutlineNode, type PassStep } from "./outline.ts";

export type { PassStep };

/** What is computed backwards through one node. */
export interface NodePull {
  readonly gradient: Value;
  /** Shapes of the inputs, batch in front. */
  readonly shapes: readonly Shape[];
  readonly inputs: readonly Value[];
  readonly output: Value | null;
  readonly wanted: readonly boolean[];
  readonly rule: GradientRule;
  readonly rectified: boolean;
  readonly gate: Gate | null;
}

/** A node whose constants are there. */
export interface BoundNode extends OutlineNode {
  /** @param batch inputs of the network that are computed together */
  compute(inputs: readonly Value[], batch: number): Value;
  /** A part of its value, of this height and width; see `Operation.part`. */
  computePart(input: Value, output: Pair): Value;
  vjp(pull: NodePull): readonly (Value | null)[];
}

/** The nodes of a graph by their places, ready to compute. */
export class Program extends Outline<BoundNode> {
  constructor(graph: Graph, kernels: Kernels, constants: Constants) {
    super(graph, (node, outline) => bind(node, outline, kernels, constants));
  }

  /** Runs steps over `values`, which has the input's at its place; it holds the kept ones afterwards. */
  run(steps: readonly PassStep[], values: (Value | undefined)[], free: (value: Value) => void): void {
    const [batch = 1] = present(values[this.input]).shape;
    for (const { place, frees } of steps) {
      const { compute, feeds } = this.at(place);
      values[place] = compute(feeds.map((feed) => present(values[feed])), batch);
      for (const dead of frees) {
        free(present(values[dead]));
        values[dead] = undefined;
      }
    }
  }
}

/** Takes a node's constants and ties them to its operation. */
function bind<K extends Kind>(
  node: Node<K>,
  outline: OutlineNode,
  kernels: Kernels,
  constants: Constants,
): BoundNode {
  const { attrs } = node;
  const operation = OPERATIONS[node.kind];
  const sources = new Map(Object.entries(node.weights));
  const weights = Object.fromEntries([...sources].map(([name, weight]) => [name, constants.take(weight)]));
  const uploaded = weights as Uploaded<K>;
  return {
    ...outline,
    compute: (inputs, batch) => operation.forward({ kernels, batch, attrs, weights: uploaded, inputs }),
    computePart(input, output) {
      const part = operation.part?.(
        { kernels, batch: input.shape[0] ?? 1, attrs, weights: uploaded, inputs: [input] },
        output,
      );
      if (part !== undefined) return part;
      throw new Error(
        `Cannot compute a part of the node: ${node.kind} has no parts`,
      );
    },
    vjp: (pull) =>
      operation.vjp({
        kernels,
        attrs,
        weights: uploaded,
        derive: (name, form, make) => constants.derive(present(sources.get(name)), form, make),
        ...pull,
      }),
  };
}

/** A plan only reads what it has computed before. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Cannot read a value: it was not computed");
  return value;
}
