/** Passes that make a graph fast and leave its values alone. */
import type { Weight } from "../model/weights.ts";
import { foldedBias, foldedKernel } from "./_fold.ts";
import { consumers, FUSABLE, type Fusable, type Graph, type Moved, type Node, type Pair } from "./graph.ts";

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
 * Removes identities, lets convolutions pad by themselves, folds batch normalisation into the weights before it, fuses activations into their kernels.
 *
 * Graphs that are made of one plain graph share the weights that they fold alike.
 */
export function optimise(
  graph: Graph,
  { keep = [], fuseActivations: fuse = true }: OptimiseOptions = {},
): Graph {
  const lean = dropIdentities(graph);
  const kept = new Set([...keep].map((layer) => standIn(lean, layer)));
  const folded = foldBatchNorm(foldPadding(lean, kept), kept);
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

/** Lets a convolution have the zeros around its input that a node before it puts there for it alone. */
export function foldPadding(graph: Graph, keep: ReadonlySet<string> = new Set()): Graph {
  const counts = consumers(graph);
  const moved = new Map<string, Moved>(graph.moved);
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes) {
    const [input = ""] = node.inputs;
    const pad = nodes.get(input);
    const padded = pad?.kind === "pad" && counts.get(input) === 1 && !keep.has(input)
      ? withPadding(node, pad)
      : null;
    nodes.set(node.name, padded ?? node);
    if (padded === null) continue;
    nodes.delete(input);
    moved.set(input, { into: node.name, same: false });
  }
  return { ...graph, nodes: [...nodes.values()], moved };
}

/** A convolution with the padding before it as its own; null where it cannot have it. */
function withPadding(node: Node, { inputs, attrs: { rows, columns } }: Node<"pad">): Node | null {
  if (node.kind !== "conv" && node.kind !== "depthwise") return null;
  const { attrs: { padding, dilations }, weights: { kernel: { shape } } } = node;
  if (padding === "same") return null;
  const own = padding === "valid" ? { rows: [0, 0], columns: [0, 0] } as const : padding;
  const both = { rows: sum(rows, own.rows), columns: sum(columns, own.columns) };
  const fits = ([before, behind]: Pair, axis: 0 | 1) =>
    Math.min(before, behind) >= 0 && Math.max(before, behind) <= ((shape[axis] ?? 1) - 1) * dilations[axis];
  // What is cut off cannot be part of a window, and zeros beyond it are of no use to the kernels.
  if (![rows, columns].flat().every((cells) => cells >= 0) || !fits(both.rows, 0) || !fits(both.columns, 1)) {
    return null;
  }
  return node.kind === "conv"
    ? { ...node, inputs, attrs: { ...node.attrs, padding: both } }
    : { ...node, inputs, attrs: { ...node.attrs, padding: both } };
}

function sum(a: Pair, b: Pair): Pair {
  return [a[0] + b[0], a[1] + b[1]];
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
