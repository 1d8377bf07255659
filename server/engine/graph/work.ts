/** How much a network computes. */
import type { Graph, Node } from "./graph.ts";
import { size } from "./shapes.ts";

/**
 * Multiply-adds of one forward pass over one picture, those of convolutions and dense layers: what articles count, as
 * the rest is little beside it.
 */
export function multiplyAdds({ nodes }: Graph): number {
  return nodes.reduce((sum, node) => sum + multiplyAddsOf(node), 0);
}

function multiplyAddsOf(node: Node): number {
  const outputs = size(node.shape);
  switch (node.kind) {
    case "conv":
      // Each output adds up the whole window of all input channels.
      return outputs * size(node.weights.kernel.shape.slice(0, 3));
    case "depthwise":
      return outputs * size(node.weights.kernel.shape.slice(0, 2));
    case "dense":
      return outputs * (node.weights.kernel.shape[0] ?? 0);
    default:
      return 0;
  }
}
