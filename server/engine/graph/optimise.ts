/** Passes that make a graph fast and leave its values alone. */
import { consumers, FUSABLE, type Fusable, type Graph, type Moved, type Node } from "./graph.ts";

/** A node whose kernel can be scaled and whose output can pass an activation in the same kernel call. */
type Linear = Node<"conv" | "depthwise" | "dense">;

/** Removes identities, folds batch normalisation into the weights before it, fuses activations into their kernels. */
export function optimise(graph: Graph): Graph {
  return [dropIdentities, foldBatchNorm, fuseActivations].reduce((current, pass) => pass(current), graph);
}

/** Takes out what changes nothing; the layer's name then stands for its input. */
export function dropIdentities(graph: Graph): Graph {
  const moved = new Map(graph.moved);
  const target = (name: string): string => {
    const to = moved.get(name);
    return to?.same ? target(to.into) : name;
  };
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const [input] = node.inputs;
    if (node.kind === "identity" && input !== undefined) {
      moved.set(node.name, { into: target(input), same: true });
    } else nodes.push({ ...node, inputs: node.inputs.map(target) });
  }
  return { ...graph, nodes, moved, logits: target(graph.logits) };
}

/** Works a batch normalisation into the kernel and bias of the only node that feeds it. */
export function foldBatchNorm(graph: Graph): Graph {
  return absorb(graph, (linear, node) => {
    if (node.kind !== "affine") return null;
    const { kernel, bias } = linear.weights;
    const scale = node.weights.scale.values;
    const shift = node.weights.shift.values;
    const channels = scale.length;
    const scaled = kernel.values.slice();
    for (let i = 0; i < scaled.length; i++) {
      scaled[i] = (scaled[i] as number) * (scale[i % channels] as number);
    }
    const moved = bias.values.map((value, c) => value * (scale[c] as number) + (shift[c] as number));
    return {
      ...linear,
      weights: { kernel: { ...kernel, values: scaled }, bias: { ...bias, values: moved } },
    };
  });
}

/** Lets the kernel of a convolution or matrix product apply the activation that follows it. */
export function fuseActivations(graph: Graph): Graph {
  return absorb(graph, (linear, node) => {
    if (node.kind !== "activation") return null;
    const activation = FUSABLE.find((name): name is Fusable => name === node.attrs.function);
    return activation === undefined ? null : withActivation(linear, activation);
  });
}

function withActivation(node: Linear, activation: Fusable): Linear {
  if (node.kind === "dense") return { ...node, attrs: { activation } };
  return { ...node, attrs: { ...node.attrs, activation } };
}

/**
 * Merges nodes into the linear node that feeds them, where nothing else reads that one.
 *
 * @param merge gives the linear node with the other worked in, or null where that cannot be
 */
function absorb(graph: Graph, merge: (linear: Linear, node: Node) => Linear | null): Graph {
  const counts = consumers(graph);
  const moved = new Map<string, Moved>(graph.moved);
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes) {
    const [input = "", ...more] = node.inputs;
    const source = more.length === 0 && counts.get(input) === 1 ? nodes.get(input) : undefined;
    const merged = source !== undefined && isLinear(source) ? merge(source, node) : null;
    if (merged === null) {
      nodes.set(node.name, node);
      continue;
    }
    nodes.delete(input);
    nodes.set(node.name, { ...merged, name: node.name, className: node.className });
    moved.set(input, { into: node.name, same: false });
  }
  return { ...graph, nodes: [...nodes.values()], moved };
}

function isLinear(node: Node): node is Linear {
  return (node.kind === "conv" || node.kind === "depthwise" || node.kind === "dense") &&
    node.attrs.activation === "linear";
}
