/** A head with random weights: what a map still shows without what the network learned last (Adebayo et al. 2018). */
import { type Graph, type Node, nodeNamed } from "../../graph/graph.ts";
import { normals } from "../input/noise.ts";

/** Weights of a dense layer. */
type DenseWeights = Node<"dense">["weights"];

/** Reports whether one dense layer yields the logits. */
export function hasDenseLogits(graph: Graph): boolean {
  return nodeNamed(graph, graph.logits).kind === "dense";
}

/**
 * Draws new weights for the dense layer that yields the logits.
 *
 * @throws TypeError where another kind of layer yields them
 */
export function drawHead(graph: Graph, seed: number): DenseWeights {
  const node = nodeNamed(graph, graph.logits);
  if (node.kind === "dense") return drawDense(node.weights, seed);
  throw new TypeError(
    `Cannot draw a head's weights: expected a dense layer that yields the logits, got ${node.kind}`,
  );
}

/** Draws a kernel from a normal distribution with the standard deviation of the real one; the biases become 0. */
export function drawDense({ kernel, bias }: DenseWeights, seed: number): DenseWeights {
  const sigma = standardDeviation(kernel.values);
  return {
    kernel: { ...kernel, values: normals(seed, kernel.values.length).map((value) => sigma * value) },
    bias: { ...bias, values: new Float32Array(bias.values.length) },
  };
}

/** The same graph with other weights in the dense layer that yields the logits. */
export function withHead(graph: Graph, weights: DenseWeights): Graph {
  const nodes = graph.nodes.map((node): Node =>
    node.name === graph.logits && node.kind === "dense" ? { ...node, weights } : node
  );
  return { ...graph, nodes };
}

function standardDeviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}
