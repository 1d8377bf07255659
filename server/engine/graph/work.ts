/** How much a network computes. */
import type { Graph, Node, Shape } from "./graph.ts";
import { size } from "./shapes.ts";

/**
 * Multiply-adds of one forward pass over one picture, those of convolutions, dense layers and products of matrices: what
 * articles count, as the rest is little beside it.
 */
export function multiplyAdds({ nodes }: Graph): number {
  const shapes = new Map(nodes.map(({ name, shape }) => [name, shape]));
  return nodes.reduce((sum, node) => sum + multiplyAddsOf(node, shapes.get(node.inputs[0] ?? "") ?? []), 0);
}

/** @param from shape of its first input */
function multiplyAddsOf(node: Node, from: Shape): number {
  const outputs = size(node.shape);
  switch (node.kind) {
    case "conv":
      // Each output adds up the whole window of all input channels.
      return outputs * size(node.weights.kernel.shape.slice(0, 3));
    case "depthwise":
      return outputs * size(node.weights.kernel.shape.slice(0, 2));
    case "dense":
      return outputs * (node.weights.kernel.shape[0] ?? 0);
    case "matmul":
      return outputs * (from.at(node.attrs.transposeA ? -2 : -1) ?? 0);
    default:
      return 0;
  }
}
