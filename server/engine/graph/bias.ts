/** Where a network adds constants: what FullGrad gives its shares to (Srinivas and Fleuret, 2019). */
import type { Weight } from "../model/weights.ts";
import type { Graph } from "./graph.ts";

/** A node that adds a constant to its values. */
export interface BiasedNode {
  /** Name of the node; the bias acts on its very value. */
  readonly node: string;
  /** `[channels]`, or `[1]` for all channels. */
  readonly bias: Weight;
}

/**
 * Lists the nodes with a bias other than zero, in topological order.
 *
 * The gradient that belongs to a bias is the one at the node's value before any activation. Make the graph with
 * `optimise(graph, { fuseActivations: false })`: batch norms are folded then, and no activation is fused.
 *
 * @throws RangeError where an activation is fused into a biased node
 */
export function biasedNodes(graph: Graph): readonly BiasedNode[] {
  const found: BiasedNode[] = [];
  for (const node of graph.nodes) {
    switch (node.kind) {
      case "conv":
      case "depthwise":
      case "dense":
        if (node.attrs.activation !== "linear") {
          throw new RangeError(
            `Cannot compute the bias of node ${node.name}: it must have no activation of its own, ` +
              `got ${node.attrs.activation}`,
          );
        }
        found.push({ node: node.name, bias: node.weights.bias });
        break;
      case "affine":
        found.push({ node: node.name, bias: node.weights.shift });
        break;
    }
  }
  return found.filter(({ bias }) => bias.values.some((value) => value !== 0));
}
