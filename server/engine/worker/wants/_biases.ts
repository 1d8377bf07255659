/** What in a network is added whatever the input: biases, and what functions that are not linear add on their own. */
import { type Graph, isHomogeneous, type Node } from "../../graph/graph.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import { groupBlocks, layerBlocks } from "../../graph/ops/normalising.ts";
import type { Recording } from "../../graph/recording.ts";
import { activationVjp, slopeReads } from "../../graph/vjp/activation.ts";
import { localNormBias } from "../../graph/vjp/local_norm.ts";
import { normalisedBias } from "../../graph/vjp/normalising.ts";

/** Where a ReLU6 cuts off. */
const RELU6_MAX = 6;

/** Kinds that are not linear, so that the values decide what they add. */
type ImplicitKind =
  | "activation"
  | "multiply"
  | "divide"
  | "matmul"
  | "softmax"
  | "layer-norm"
  | "group-norm"
  | "local-norm";

/** A node of which something is added to the score, by its gradient times its bias. */
export type Contribution =
  /** One bias for each channel, or one for all. */
  | { readonly kind: "bias"; readonly node: Node; readonly label: string; readonly values: Float32Array }
  /** A bias that the values decide: f(x) − f′(x)·x, so that bias and slope times x add up to f(x). */
  | {
    readonly kind: "implicit";
    readonly node: Node<ImplicitKind>;
    readonly label: string;
  };

/**
 * Lists what is added on the ways to a node, in topological order; what is always 0 is left out.
 *
 * @param graph without fused activations
 */
export function contributions(graph: Graph, to: string): readonly Contribution[] {
  const before = new Set([to]);
  const found: Contribution[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!before.has(node.name)) continue;
    for (const input of node.inputs) before.add(input);
    const contribution = contributionOf(node);
    if (contribution !== null) found.push(contribution);
  }
  return found.reverse();
}

/** Nodes whose values {@link implicitBias} reads. */
export function valuesRead(contribution: Contribution): readonly string[] {
  if (contribution.kind === "bias") return [];
  const { node } = contribution;
  switch (node.kind) {
    case "multiply":
    case "divide":
    case "matmul":
      return [node.name];
    case "activation":
      return node.attrs.function === "relu6" ? [node.name] : [node.name, ...node.inputs];
    case "softmax":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
      return [node.name, ...node.inputs];
    default:
      throw new Error(`Cannot find the bias: expected a known kind of node, got ${node satisfies never}`);
  }
}

/** The bias that a node's values decide, for a whole batch in the shape of the node's value. */
export function implicitBias(
  kernels: Kernels,
  { node }: Extract<Contribution, { kind: "implicit" }>,
  recording: Recording,
): Float32Array {
  const output = recording.value(node.name);
  const inputs = () => kernels.view(recording.value(node.inputs[0] ?? ""));
  switch (node.kind) {
    // a·b·…: each factor's slope is the product of the others, so n factors reach n times the product.
    case "multiply":
    case "matmul":
      return kernels.view(output).map((value) => (1 - node.inputs.length) * value);
    // a/b stays what it is where both grow alike.
    case "divide":
      return kernels.view(output).slice();
    case "softmax":
      return softmaxBias(inputs(), kernels.view(output), node.shape.at(-1) ?? 1);
    case "layer-norm":
    case "group-norm": {
      const blocks = node.kind === "layer-norm"
        ? layerBlocks(output.shape, node.attrs)
        : groupBlocks(output.shape, node.attrs);
      return normalisedBias(inputs(), kernels.view(output), node.weights.shift.values, blocks);
    }
    case "local-norm":
      return localNormBias(inputs(), kernels.view(output), node.shape.at(-1) ?? 1, node.attrs);
    case "activation":
      return functionBias(kernels, node, recording);
    default:
      throw new Error(`Cannot find the bias: expected a known kind of node, got ${node satisfies never}`);
  }
}

function functionBias(kernels: Kernels, node: Node<"activation">, recording: Recording): Float32Array {
  const output = recording.value(node.name);
  if (node.attrs.function === "relu6") {
    const values = kernels.view(output);
    const saturated = new Float32Array(values.length);
    // A loop, as `map` over millions of numbers takes several times as long, and few of them saturate.
    for (let i = 0; i < values.length; i++) if ((values[i] as number) >= RELU6_MAX) saturated[i] = RELU6_MAX;
    return saturated;
  }
  const input = recording.value(node.inputs[0] ?? "");
  const slopes = slopesOf(kernels, node, input, output);
  const [from, to] = [kernels.view(input), kernels.view(output)];
  const biases = kernels.view(slopes).map((slope, i) => (to[i] as number) - slope * (from[i] as number));
  kernels.free(slopes);
  return biases;
}

/** p − p·(x − Σ p·x) over runs of so many classes. */
function softmaxBias(x: Float32Array, p: Float32Array, classes: number): Float32Array {
  const biases = new Float32Array(p.length);
  for (let start = 0; start < p.length; start += classes) {
    let mean = 0;
    for (let i = start; i < start + classes; i++) mean += (p[i] as number) * (x[i] as number);
    for (let i = start; i < start + classes; i++) {
      biases[i] = (p[i] as number) * (1 - (x[i] as number) + mean);
    }
  }
  return biases;
}

function contributionOf(node: Node): Contribution | null {
  if (isHomogeneous(node)) return null;
  switch (node.kind) {
    case "conv":
    case "depthwise":
    case "dense":
      return explicit(node, node.weights.bias.values);
    case "affine":
      return explicit(node, node.weights.shift.values);
    case "activation":
      if (hasHomogeneousFunction(node)) return null;
      return {
        kind: "implicit",
        node,
        label: `${node.name}:${node.attrs.function === "relu6" ? "saturated" : "implicit"}`,
      };
    case "constant":
      return explicit(node, node.weights.value.values);
    case "multiply":
    case "divide":
    case "matmul":
    case "softmax":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
      return { kind: "implicit", node, label: `${node.name}:implicit` };
    // Linear, or like a maximum scaled as its input is: nothing is added.
    case "input":
    case "add":
    case "subtract":
    case "transpose":
    case "slice":
    case "gather":
    case "reduce":
    case "concat":
    case "pad":
    case "spread":
    case "max-pool":
    case "average-pool":
    case "global-average-pool":
    case "global-max-pool":
    case "upsample":
    case "resize":
    case "flatten":
    case "reshape":
      return null;
    default:
      throw new Error(
        `Cannot find the bias: expected a known kind of node, got ${node satisfies never}`,
      );
  }
}

function explicit(node: Node, values: Float32Array): Contribution | null {
  return values.every((value) => value === 0) ? null : { kind: "bias", node, label: node.name, values };
}

/** Reports whether f(s·x) = s·f(x) for every s > 0. */
function hasHomogeneousFunction({ attrs }: Node<"activation">): boolean {
  return attrs.function === "relu" || attrs.function === "abs" || attrs.function === "negative" ||
    attrs.function === "rectifier" && attrs.threshold === 0 && attrs.max === Infinity;
}

function slopesOf(kernels: Kernels, { attrs }: Node<"activation">, input: Value, output: Value): Value {
  const ones = kernels.allocate(output.shape);
  kernels.view(ones).fill(1);
  const slopes = activationVjp(
    kernels,
    ones,
    slopeReads(attrs) === "output" ? output : input,
    attrs,
    "plain",
  );
  kernels.free(ones);
  return slopes;
}
