/** Heads that were learned here, in place of the dense layer that the network was trained with. */
import { GradcastError } from "../../../../shared/errors.ts";
import { type AnyHead, composed, predictor } from "../../../heads/mod.ts";
import { normals } from "../input/noise.ts";
import { type Graph, type Node, nodeNamed } from "../../graph/graph.ts";

/** Probabilities below this count as this much, so that their logarithms are finite. */
const LEAST_PROBABILITY = 1e-6;

/** A head as the network takes it. */
export type TaughtHead =
  /** One dense layer. */
  | { readonly kind: "dense"; readonly labels: readonly string[]; readonly weights: Node<"dense">["weights"] }
  /** Anything else: logits are computed row by row, behind the network, and have no gradient. */
  | {
    readonly kind: "rows";
    readonly labels: readonly string[];
    readonly logitsOf: (features: Float32Array) => Float32Array;
  };

/** The node whose row of numbers the dense layer reads that yields the logits, or null. */
export function featuresOf(graph: Graph): string | null {
  const dense = nodeNamed(graph, graph.logits);
  if (dense.kind !== "dense") return null;
  const input = nodeNamed(graph, dense.inputs[0] ?? "");
  return input.shape.length === 1 ? input.name : null;
}

/**
 * Makes a head ready for a network.
 *
 * @param count of the network's features; null: no dense layer on a row of numbers yields its logits
 * @throws GradcastError `bad-option`
 */
export function readyHead(head: AnyHead, count: number | null): TaughtHead {
  if (count !== head.width) {
    throw new GradcastError(
      "bad-option",
      `Cannot set the head: it reads ${head.width} features, and the network has ${count ?? "none"}`,
    );
  }
  const { classes: labels } = head;
  const dense = composed(head);
  if (dense === null) {
    const predict = predictor(head);
    const logitsOf = (features: Float32Array) =>
      Float32Array.from(predict(features), (share) => Math.log(Math.max(share, LEAST_PROBABILITY)));
    return { kind: "rows", labels, logitsOf };
  }
  const kernel = new Float32Array(count * labels.length);
  for (const [c, weights] of dense.weights.entries()) {
    for (let feature = 0; feature < count; feature++) {
      kernel[feature * labels.length + c] = weights[feature] ?? 0;
    }
  }
  const bias = Float32Array.from(dense.bias);
  if (![kernel, bias].every((values) => values.every(Number.isFinite))) {
    throw new GradcastError("bad-option", "Cannot set the head: its weights exceed 32-bit floats");
  }
  const weights = {
    kernel: { shape: [count, labels.length], values: kernel },
    bias: { shape: [labels.length], values: bias },
  };
  return { kind: "dense", labels, weights };
}

/**
 * What makes logits of features. With a seed the features are shuffled: such a head has no weights to draw, and knows as
 * little of them then as a dense layer with random weights does.
 */
export function logitsOf(
  { logitsOf }: Extract<TaughtHead, { kind: "rows" }>,
  seed: number | null,
): (features: Float32Array) => Float32Array {
  if (seed === null) return logitsOf;
  return (features) => {
    const order = [...normals(seed, features.length).entries()].sort(([, a], [, b]) => a - b);
    return logitsOf(Float32Array.from(order, ([from]) => features[from] ?? 0));
  };
}

/** The same graph with a taught head; what came behind the logits is left out. */
export function withTaughtHead(graph: Graph, head: TaughtHead): Graph {
  const logits = head.kind === "dense" ? graph.logits : featuresOf(graph) ?? graph.logits;
  const gone = behind(graph.nodes, graph.logits);
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    if (node.name !== graph.logits || node.kind !== "dense") return gone.has(node.name) ? [] : [node];
    return head.kind === "dense" ? [{ ...node, weights: head.weights, shape: [head.labels.length] }] : [];
  });
  return { ...graph, nodes, logits, head: "softmax" };
}

/** Nodes that depend on another one. */
function behind(nodes: readonly Node[], name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const node of nodes) if (node.inputs.some((input) => found.has(input))) found.add(node.name);
  found.delete(name);
  return found;
}
