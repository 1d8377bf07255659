/** Passes that make a graph fast and leave its values alone. */
import type { Weight } from "../model/weights.ts";
import { foldedBias, foldedKernel } from "./_fold.ts";
import { consumers, FUSABLE, type Fusable, type Graph, type Moved, type Node } from "./graph.ts";

/** Options of {@link optimise}. */
export interface OptimiseOptions {
  /** Layers or nodes that stay readable: not folded away and not fused into what follows them. */
  readonly keep?: Iterable<string>;
  /**
   * Whether activations are fused into the kernels before them; by default they are. Without it the value before
   * every activation is a node of its own, where a gradient can be taken.
   */
  readonly fuseActivations?: boolean;
}

/** A node whose kernel can be scaled and whose output can pass an activation in the same kernel call. */
type Linear = Node<"conv" | "depthwise" | "dense">;

/**
 * Removes identities, folds batch normalisation into the weights before it, fuses activations into their kernels.
 *
 * Graphs that are made of one plain graph share the weights that they fold alike.
 */
export function optimise(
  graph: Graph,
  { keep = [], fuseActivations: fuse = true }: OptimiseOptions = {},
): Graph {
  const lean = dropIdentities(graph);
  const kept = new Set([...keep].map((layer) => standIn(lean, layer)));
  const folded = foldBatchNorm(lean, kept);
  return fuse ? fuseActivations(folded, kept) : folded;
}

/** Takes out what changes nothing; the layer's name then stands for its input. */
export function dropIdentities(graph: Graph): Graph {
  const moved = new Map(graph.moved);
  const target = (name: string) => standIn({ moved }, name);
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
export function foldBatchNorm(graph: Graph, keep: ReadonlySet<string> = new Set()): Graph {
  return absorb(graph, keep, (linear, node) => {
    if (node.kind !== "affine") return null;
    const { kernel, bias } = linear.weights;
    const { scale, shift } = node.weights;
    return withWeights(linear, foldedKernel(kernel, scale), foldedBias(bias, scale, shift));
  });
}

/** Lets the kernel of a convolution or matrix product apply the activation that follows it. */
export function fuseActivations(graph: Graph, keep: ReadonlySet<string> = new Set()): Graph {
  return absorb(graph, keep, (linear, node) => {
    if (node.kind !== "activation") return null;
    const activation = FUSABLE.find((name): name is Fusable => name === node.attrs.function);
    return activation === undefined ? null : withActivation(linear, activation);
  });
}

/** The node that an identity's name stands for. */
function standIn({ moved }: Pick<Graph, "moved">, name: string): string {
  const to = moved.get(name);
  return to?.same ? standIn({ moved }, to.into) : name;
}

function withWeights(node: Linear, kernel: Weight, bias: Weight): Linear {
  return { ...node, weights: { kernel, bias } };
}

function withActivation(node: Linear, activation: Fusable): Linear {
  switch (node.kind) {
    case "conv":
      return { ...node, attrs: { ...node.attrs, activation } };
    case "depthwise":
      return { ...node, attrs: { ...node.attrs, activation } };
    case "dense":
      return { ...node, attrs: { activation } };
    default:
      throw new Error(`Cannot fuse the activation: the kind ${node satisfies never} is unknown`);
  }
}

/**
 * Merges nodes into the linear node that feeds them, where nothing else reads that one and nobody keeps it.
 *
 * @param merge gives the linear node with the other worked in, or null where that cannot be
 */
function absorb(
  graph: Graph,
  keep: ReadonlySet<string>,
  merge: (linear: Linear, node: Node) => Linear | null,
): Graph {
  const counts = consumers(graph);
  const moved = new Map<string, Moved>(graph.moved);
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes) {
    const [input = "", ...more] = node.inputs;
    const alone = more.length === 0 && counts.get(input) === 1 && !keep.has(input);
    const source = alone ? nodes.get(input) : undefined;
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
