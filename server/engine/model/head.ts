/** How a network ends: what its output means. */
import type { OUTPUTS } from "../../../shared/model_about.ts";
import type { Graph, Node } from "../graph/graph.ts";

/**
 * What the output of a network is: one distribution over the classes, a probability of its own for each of them, one
 * unit of two classes, or numbers that no function follows.
 */
export type Head = typeof OUTPUTS[number];

/**
 * Reports how a network ends.
 *
 * @param output node that yields the model's output
 */
export function headOf(graph: Graph, output: string): Head {
  // One unit has been made two classes.
  if (graph.logits.endsWith(":classes")) return "one-unit";
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  let node: Node | undefined = nodes.get(output);
  while (node !== undefined && ["identity", "flatten", "reshape"].includes(node.kind)) {
    node = nodes.get(node.inputs[0] ?? "");
  }
  if (node?.kind === "softmax") return "softmax";
  return node?.kind === "activation" && node.attrs.function === "sigmoid" ? "sigmoids" : "logits";
}
