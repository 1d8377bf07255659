/** The network as Gradcast computes it: nodes in topological order, each one operation with its constants. */
import type { Head } from "../../../shared/protocol.ts";
import type { Weight } from "../model/weights.ts";

/** Sides of a value, batch left out: `[height, width, channels]` or `[features]`. */
export type Shape = readonly number[];

/** Height first, then width. */
export type Pair = readonly [number, number];

/**
 * How a window meets the border: `same` and `valid` as TensorFlow means them, where `same` pads the bottom right more; or
 * so many cells before and behind rows and columns, which may differ.
 */
export type Padding = "same" | "valid" | { readonly rows: Pair; readonly columns: Pair };

/** Functions of one value that the convolution and matrix kernels apply by themselves. */
export const FUSABLE = ["relu", "relu6", "elu", "sigmoid"] as const;
export type Fusable = typeof FUSABLE[number];

/** Functions of one value that have no settings. */
export type ActivationName =
  | Fusable
  | "tanh"
  | "swish"
  | "hard-sigmoid"
  | "hard-swish"
  | "gelu"
  | "gelu-tanh"
  | "erf"
  | "exp"
  | "log"
  | "sqrt"
  | "softplus"
  | "selu"
  | "mish"
  | "softsign"
  | "reciprocal"
  | "square"
  | "abs"
  | "negative";

/** A function of one value. */
export type Activation =
  | { readonly function: ActivationName }
  /** max from max on, x from the threshold up to it, slope·(x − threshold) below: leaky and clipped ReLUs. */
  | {
    readonly function: "rectifier";
    readonly slope: number;
    readonly threshold: number;
    /** `Infinity` where nothing is cut off. */
    readonly max: number;
  }
  /** scale·x + shift, at least min and at most max: hard sigmoids of any kind. */
  | {
    readonly function: "clip";
    readonly scale: number;
    readonly shift: number;
    readonly min: number;
    readonly max: number;
  }
  /** scale·x above 0, limit·(e^(rate·x) − 1) below: ELU, CELU and SELU with any constants. */
  | {
    readonly function: "exponential-linear";
    readonly scale: number;
    readonly limit: number;
    readonly rate: number;
  }
  /** x to a power. */
  | { readonly function: "power"; readonly exponent: number };

interface ConvolutionAttrs {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
  readonly activation: Fusable | "linear";
}

interface ConvolutionWeights {
  readonly kernel: Weight;
  /** `[out]` */
  readonly bias: Weight;
}

interface PoolingAttrs {
  readonly size: Pair;
  readonly strides: Pair;
  /** From one cell of the window to the next; absent where it has no gaps. */
  readonly dilations?: Pair;
  /** Cells beyond the border are less than every other, or do not count; fewer than the window reaches over. */
  readonly padding: Padding;
}

/** Cubic interpolation (Keys, 1981). */
export interface Cubic {
  /** The curve's free parameter: −0.5 in TensorFlow, −0.75 in PyTorch. */
  readonly coefficient: number;
  /** Whether cells beyond the border do not count, where otherwise the border's value continues. */
  readonly insideOnly: boolean;
}

/** `[channels]` each. */
interface PerChannel {
  readonly scale: Weight;
  readonly shift: Weight;
}

/** Settings of a local response normalisation. */
export interface LocalNorm {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

interface Plain<Attrs = Record<never, unknown>> {
  readonly attrs: Attrs;
  readonly weights: Record<never, Weight>;
}

/** What belongs to a node of each kind. */
export interface Operations {
  readonly input: Plain<{ readonly shape: Shape }>;
  readonly conv: {
    /** Channels in `groups`, each of which sees its own inputs alone; 1 for all of them. */
    readonly attrs: ConvolutionAttrs & { readonly groups: number };
    /** `kernel` `[height, width, in / groups, out]`. */
    readonly weights: ConvolutionWeights;
  };
  readonly depthwise: {
    readonly attrs: ConvolutionAttrs;
    /** `kernel` `[height, width, in, multiplier]`. */
    readonly weights: ConvolutionWeights;
  };
  readonly dense: {
    readonly attrs: { readonly activation: Fusable | "linear" };
    /** `kernel` `[in, out]`, `bias` `[out]`; what it multiplies is the last side of a value of any rank. */
    readonly weights: { readonly kernel: Weight; readonly bias: Weight };
  };
  /** Batch normalisation with its statistics worked in, or rescaling: x·scale + shift per channel or for all. */
  readonly affine: {
    /** Axis of the channels, the batch being 0; only the last one, which −1 stands for too. */
    readonly attrs: { readonly axis: number };
    /** `scale` and `shift` `[channels]`, or `[1]` for all channels. */
    readonly weights: { readonly scale: Weight; readonly shift: Weight };
  };
  readonly activation: Plain<Activation>;
  /** max(0, x) + alpha·min(0, x): a leaky ReLU whose slopes were learned. */
  readonly prelu: {
    readonly attrs: Record<never, unknown>;
    /** `alpha` `[channels]`, or `[1]` for all channels. */
    readonly weights: { readonly alpha: Weight };
  };
  /** Over the last axis of any rank, the batch being 0; −1 stands for it too. */
  readonly softmax: Plain<{ readonly axis: number }>;
  /** Sum of two values or more; sides of 1 stretch. */
  readonly add: Plain;
  /** Product of two values or more; sides of 1 stretch. */
  readonly multiply: Plain;
  /** The first of two values less the second; sides of 1 stretch. */
  readonly subtract: Plain;
  /** The first of two values by the second; sides of 1 stretch. */
  readonly divide: Plain;
  /** Values one behind the other along an axis, the batch being 0; −1 stands for the last one. */
  readonly concat: Plain<{ readonly axis: number }>;
  /** Zeros before and behind rows and columns; negative numbers cut off instead. */
  readonly pad: Plain<{ readonly rows: Pair; readonly columns: Pair }>;
  readonly "max-pool": Plain<PoolingAttrs>;
  /** With `countPadding` a window's mean is over all its cells, those beyond the border being zeros. */
  readonly "average-pool": Plain<PoolingAttrs & { readonly countPadding: boolean }>;
  readonly "global-average-pool": Plain<{ readonly keepDims: boolean }>;
  readonly "global-max-pool": Plain<{ readonly keepDims: boolean }>;
  /** Zeros between neighbours, so that they lie `strides` apart; what a transposed convolution convolves. */
  readonly spread: Plain<{ readonly strides: Pair }>;
  /** Enlarged by whole factors; bilinear with half-pixel centres, as Keras trains. */
  readonly upsample: Plain<{ readonly factors: Pair; readonly interpolation: "nearest" | "bilinear" }>;
  /** In another size. Positions say which place of the input the centre of an output cell lies at. */
  readonly resize: Plain<{
    /** Height and width, in cells. */
    readonly size: Pair;
    readonly interpolation: "nearest" | "bilinear" | Cubic;
    /** The pictures' edges meet; the centres of their outermost cells do; or those of the first cells alone. */
    readonly positions: "half-pixel" | "align-corners" | "asymmetric";
  }>;
  readonly flatten: Plain;
  /** The same numbers in another shape, −1 for the side that is left over. */
  readonly reshape: Plain<{ readonly shape: Shape }>;
  /** Each position by itself: (x − mean)/√(variance + epsilon)·scale + shift over the last side. */
  readonly "layer-norm": {
    readonly attrs: { readonly epsilon: number };
    readonly weights: PerChannel;
  };
  /** The same over all positions and the channels of one of so many groups; as many groups as channels: instance norm. */
  readonly "group-norm": {
    readonly attrs: { readonly groups: number; readonly epsilon: number };
    readonly weights: PerChannel;
  };
  /**
   * x / (bias + alpha/size·Σx²)^beta, the sum over `size` neighbouring channels around each one, where an even number has
   * one more behind (AlexNet, GoogLeNet).
   */
  readonly "local-norm": Plain<LocalNorm>;
  /** Products of matrices, `[…, m, k]` × `[…, k, n]`, each perhaps turned over first; sides before them may be 1. */
  readonly matmul: Plain<{ readonly transposeA: boolean; readonly transposeB: boolean }>;
  /** Sides in another order, counted without the batch: side i of the output is side `order[i]` of the input. */
  readonly transpose: Plain<{ readonly order: readonly number[] }>;
  /** A block of the value: for each side, the batch left out, where it begins and how long it is. */
  readonly slice: Plain<{ readonly starts: readonly number[]; readonly sizes: readonly number[] }>;
  /** Some places of a side, counted without the batch, in the order of `indices`. */
  readonly gather: Plain<{ readonly side: number; readonly indices: readonly number[] }>;
  /** Some sides, counted without the batch, into one number. */
  readonly reduce: Plain<{
    readonly sides: readonly number[];
    readonly function: "mean" | "sum" | "max";
    readonly keepDims: boolean;
  }>;
  /** The same value for every input: a position embedding, a class token. */
  readonly constant: {
    readonly attrs: Record<never, unknown>;
    /** `value`, batch left out. */
    readonly weights: { readonly value: Weight };
  };
  /** What changes nothing at inference: dropout, augmentation, a linear activation. */
  readonly identity: Plain;
}

export type Kind = keyof Operations;

/**
 * Pointwise kinds for which f(s·x) = s·f(x) for every s > 0: they add nothing to a score by themselves (FullGrad).
 */
const HOMOGENEOUS = ["identity", "prelu"] as const satisfies readonly Kind[];
export type HomogeneousKind = typeof HOMOGENEOUS[number];

/** Kinds that compute each value from the value at the same position of their only input. */
const POINTWISE = ["affine", "activation", ...HOMOGENEOUS] as const satisfies readonly Kind[];
export type PointwiseKind = typeof POINTWISE[number];

/** Reports whether a node is of a pointwise kind; what follows positions through a graph needs to know no more of it. */
export function isPointwise(node: Node): node is Node<PointwiseKind> {
  return POINTWISE.some((kind) => kind === node.kind);
}

/** Reports whether a node is of a homogeneous kind. */
export function isHomogeneous(node: Node): node is Node<HomogeneousKind> {
  return HOMOGENEOUS.some((kind) => kind === node.kind);
}

/** A node before its shape is known. */
export type Draft<K extends Kind = Kind> = {
  readonly [P in K]: {
    readonly kind: P;
    /** The layer's name; a step inside a layer has a `:` in it. */
    readonly name: string;
    /** Keras class of the layer. */
    readonly className: string;
    /** Names of the nodes that feed it. */
    readonly inputs: readonly string[];
    readonly attrs: Operations[P]["attrs"];
    readonly weights: Operations[P]["weights"];
  };
}[K];

/** One operation of the network. */
export type Node<K extends Kind = Kind> = Draft<K> & { readonly shape: Shape };

/** Where a layer went that no node carries the name of. */
export interface Moved {
  /** The node that has it in it. */
  readonly into: string;
  /** True where that node computes the very same values. */
  readonly same: boolean;
}

/** A network with one input. */
export interface Graph {
  /** Topological: a node comes after all that feed it. */
  readonly nodes: readonly Node[];
  readonly input: string;
  /** The node whose values are the logits. */
  readonly logits: string;
  /** How they become probabilities. */
  readonly head: Head;
  /** Layers that the passes folded or removed. */
  readonly moved: ReadonlyMap<string, Moved>;
}

/**
 * Finds a node by its exact name.
 *
 * @throws RangeError where there is none
 */
export function nodeNamed(graph: Graph, name: string): Node {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (node !== undefined) return node;
  throw new RangeError(`Cannot find the layer: the model has no layer ${name}`);
}

/** Where a graph has a layer of the original model. */
export type Whereabouts =
  /** The node computes the layer's very values. */
  | { readonly kind: "readable"; readonly node: Node }
  /** The layer is computed in one step with those that follow it. */
  | { readonly kind: "folded"; readonly into: Node }
  | { readonly kind: "unknown" };

/** Reports where a graph has a layer of the original model, and whether it can be read there. */
export function findLayer(graph: Graph, layer: string): Whereabouts {
  let name = layer;
  let same = true;
  for (let moved = graph.moved.get(name); moved !== undefined; moved = graph.moved.get(name)) {
    name = moved.into;
    same &&= moved.same;
  }
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) return { kind: "unknown" };
  return same ? { kind: "readable", node } : { kind: "folded", into: node };
}

/**
 * Finds the node that computes a layer of the original model.
 *
 * @throws RangeError where there is no such layer, or where it was folded away
 */
export function locateLayer(graph: Graph, layer: string): Node {
  const found = findLayer(graph, layer);
  switch (found.kind) {
    case "readable":
      return found.node;
    case "folded":
      throw new RangeError(
        `Cannot read layer ${layer}: it is computed in one step with ${found.into.name}, which can be read, ` +
          `got ${layer}`,
      );
    case "unknown":
      throw new RangeError(
        `Cannot find the layer: the model has no layer ${layer}`,
      );
    default:
      throw new Error(`Cannot read the layer: the answer ${found satisfies never} is unknown`);
  }
}

/** Reports how many nodes read each node; the logits are read once more, from outside. */
export function consumers(graph: Graph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>([[graph.logits, 1]]);
  for (const { inputs } of graph.nodes) {
    for (const input of inputs) counts.set(input, (counts.get(input) ?? 0) + 1);
  }
  return counts;
}
