/** Finds the logits of a network: what goes into its last softmax or sigmoid, one number for each class. */
import type { Head } from "../../../shared/protocol.ts";
import type { Graph, Node, Shape } from "./graph.ts";
import { size } from "./shapes.ts";

/**
 * Finds the logits at or below a layer.
 *
 * - Softmax and sigmoid at the end are never part of them.
 * - `[1, 1, classes]` is read as `[classes]`.
 * - Several units behind a sigmoid are classes that do not exclude each other.
 * - One unit z becomes two classes, [−z/2, z/2], whose softmax is the sigmoid of z: the complement first.
 *
 * @param nodes in topological order
 * @param layer name of the layer that the card names
 * @throws Error where there is no such layer, or where it does not yield one number for each class
 */
export function withLogits(nodes: readonly Node[], layer: string): Pick<Graph, "nodes" | "logits" | "head"> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const node = belowProbabilities(byName, layer);
  if (node === undefined) {
    throw new Error(
      `Cannot load the model: its card names the logits layer ${layer}, which does not exist`,
    );
  }
  if (!isFlat(node.shape)) {
    throw new Error(
      `Cannot load the model: the logits must be [classes], got [${node.shape}] at ${node.name}`,
    );
  }
  const flat: readonly Node[] = node.shape.length === 1 ? [] : [flattened(node)];
  const last = flat.at(-1) ?? node;
  if (size(last.shape) > 1) {
    return { nodes: [...nodes, ...flat], logits: last.name, head: headBehind(nodes, node) };
  }
  const pair = twoClasses(last);
  return { nodes: [...nodes, ...flat, pair], logits: pair.name, head: "softmax" };
}

/** What turns logits into probabilities, whatever lies between that only reshapes; a softmax where nothing does. */
function headBehind(nodes: readonly Node[], logits: Node): Head {
  const same = new Set([logits.name]);
  for (const node of nodes) {
    if (!same.has(node.inputs[0] ?? "")) continue;
    if (node.kind === "activation" && node.attrs.function === "sigmoid") return "sigmoid";
    if (["identity", "flatten", "reshape"].includes(node.kind)) same.add(node.name);
  }
  return "softmax";
}

/**
 * Walks through softmax, sigmoid and what changes nothing; through a reshaping only where one of them lies behind it.
 */
function belowProbabilities(nodes: ReadonlyMap<string, Node>, layer: string): Node | undefined {
  const below = (node: Node) => nodes.get(node.inputs[0] ?? "");
  let node = nodes.get(layer);
  while (node !== undefined) {
    if (isProbability(node) || node.kind === "identity") {
      node = below(node);
      continue;
    }
    let behind: Node | undefined = node;
    while (behind !== undefined && (behind.kind === "flatten" || behind.kind === "reshape")) {
      behind = below(behind);
    }
    if (behind === undefined || !isProbability(behind) || !isFlat(behind.shape)) return node;
    node = behind;
  }
  return undefined;
}

function isProbability(node: Node): boolean {
  return node.kind === "softmax" || node.kind === "activation" && node.attrs.function === "sigmoid";
}

/** Whether all sides but the last are 1. */
function isFlat(shape: Shape): boolean {
  return size(shape) === shape.at(-1);
}

function flattened(node: Node): Node<"flatten"> {
  const shape: Shape = [size(node.shape)];
  return {
    kind: "flatten",
    name: `${node.name}:flat`,
    className: "Flatten",
    inputs: [node.name],
    attrs: {},
    weights: {},
    shape,
  };
}

/** A dense layer of one unit has its kernel doubled, so that the head stays one dense layer; anything else gets one. */
function twoClasses(node: Node): Node<"dense"> {
  const one = node.kind === "dense"
    ? { inputs: node.inputs, kernel: node.weights.kernel.values, bias: node.weights.bias.values[0] ?? 0 }
    : { inputs: [node.name], kernel: new Float32Array([1]), bias: 0 };
  const kernel = Float32Array.from(
    { length: 2 * one.kernel.length },
    (_, i) => (i % 2 === 0 ? -0.5 : 0.5) * (one.kernel[i >> 1] ?? 0),
  );
  return {
    kind: "dense",
    name: `${node.name}:classes`,
    className: "Dense",
    inputs: one.inputs,
    attrs: { activation: "linear" },
    weights: {
      kernel: { shape: [one.kernel.length, 2], values: kernel },
      bias: { shape: [2], values: new Float32Array([-0.5 * one.bias, 0.5 * one.bias]) },
    },
    shape: [2],
  };
}
