/** A transformer's head applied to the tokens of every block, so that each block's own part in a class can be scored. */
import { attentionsOf, constantNodes } from "./attention.ts";
import type { Graph, Node } from "./graph.ts";

/** What the head makes of one block. */
export interface Readout {
  /** Shares of the block's attention. */
  readonly shares: string;
  /** The node of the logits that the head makes of the block's output. */
  readonly logits: string;
}

/** The tokens that heads read. */
interface TokenCount {
  readonly tokens: number;
  readonly channels: number;
}

/** Where a graph's head begins, and the outputs of its blocks. */
interface Blocks {
  /** Outputs of the blocks in order; the head begins at the last one. */
  readonly outputs: readonly string[];
  readonly shares: readonly string[];
  /** The nodes behind it up to the logits. */
  readonly head: readonly Node[];
  /** Where a class token stands before the patches, all tokens; null where the head reads the patches themselves. */
  readonly mixed: TokenCount | null;
}

/** Reports whether a head can be applied to every block: the blocks' outputs are alike, and the head reads the last alone. */
export function hasReadouts(graph: Graph): boolean {
  return blocksOf(graph) !== null;
}

/**
 * Adds the head once more behind every block, or every block but the last; the graph itself where that cannot be.
 *
 * A head that reads a class token would say of a block only what went into that token there. It reads the mean of all tokens
 * in its place, as the authors of LeGrad do it (https://github.com/WalBouss/LeGrad, `compute_legrad_clip`), of the last block
 * too. A head that reads the mean of the patches is applied as it is.
 */
export function withReadouts(graph: Graph): Graph {
  const blocks = blocksOf(graph);
  if (blocks === null) return graph;
  const { outputs, head, mixed } = blocks;
  const last = outputs.at(-1);
  const added = (mixed === null ? outputs.slice(0, -1) : outputs).flatMap((output, block) => {
    const mixture = mixed === null ? [] : meanOf(output, block, mixed);
    const read = mixture.at(-1)?.name ?? output;
    const renamed = new Map(head.map(({ name }) => [name, copyOf(name, block)]));
    const input = (name: string) => name === last ? read : renamed.get(name) ?? name;
    const copies = head.map((node): Node => ({
      ...node,
      name: copyOf(node.name, block),
      inputs: node.inputs.map(input),
    }));
    return [...mixture, ...copies];
  });
  return { ...graph, nodes: [...graph.nodes, ...added] };
}

/** The mean of all tokens in the place of each, as a product with equal shares. */
function meanOf(output: string, block: number, { tokens, channels }: TokenCount): readonly Node[] {
  const shares = copyOf("mean-shares", block);
  const value = {
    shape: [tokens, tokens],
    values: new Float32Array(tokens * tokens).fill(1 / tokens),
  };
  const equal: Node<"constant"> = {
    kind: "constant",
    name: shares,
    className: "Constant",
    inputs: [],
    attrs: {},
    weights: { value },
    shape: value.shape,
  };
  const mean: Node<"matmul"> = {
    kind: "matmul",
    name: copyOf("mean-token", block),
    className: "MatMul",
    inputs: [shares, output],
    attrs: { transposeA: false, transposeB: false },
    weights: {},
    shape: [tokens, channels],
  };
  return [equal, mean];
}

/** The readouts of a graph that {@link withReadouts} has made, block by block; none of another one. */
export function readoutsOf(graph: Graph): readonly Readout[] {
  const blocks = blocksOf(graph);
  const names = new Set(graph.nodes.map(({ name }) => name));
  if (blocks === null) return [];
  const readouts = blocks.shares.map((shares, block) => ({
    shares,
    logits: blocks.mixed === null && block === blocks.shares.length - 1
      ? graph.logits
      : copyOf(graph.logits, block),
  }));
  return readouts.every(({ logits }) => names.has(logits)) ? readouts : [];
}

/** Inner nodes have a `:` in their names. */
function copyOf(name: string, block: number): string {
  return `${name}:block${block}`;
}

function blocksOf(graph: Graph): Blocks | null {
  const attentions = attentionsOf(graph);
  const [first] = attentions;
  if (first === undefined) return null;
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const sides = byName.get(first.before)?.shape;
  const shape = sides?.join();
  if (attentions.some(({ before }) => byName.get(before)?.shape.join() !== shape)) return null;
  const constant = constantNodes(graph);
  const end = graph.nodes.findLastIndex(({ kind, shape: own, inputs, name }) =>
    kind === "add" && own.join() === shape && inputs.filter((input) => !constant.has(input)).length > 1 &&
    headBehind(graph, name, constant) !== null
  );
  const output = graph.nodes[end]?.name;
  const head = output === undefined ? null : headBehind(graph, output, constant);
  const last = graph.nodes.findIndex(({ name }) => name === attentions.at(-1)?.shares);
  if (output === undefined || head === null || end < last) return null;
  const [tokens = 0, channels = 0] = sides ?? [];
  return {
    outputs: [...attentions.slice(1).map(({ before }) => before), output],
    shares: attentions.map(({ shares }) => shares),
    head,
    mixed: first.grid.skip === 0 ? null : { tokens, channels },
  };
}

/** The nodes between an output and the logits, or null where others lead there too. */
function headBehind(
  { nodes, logits }: Graph,
  output: string,
  constant: ReadonlySet<string>,
): readonly Node[] | null {
  const needed = new Set([logits]);
  const head: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (node.name === output || constant.has(node.name) || !needed.has(node.name)) continue;
    if (node.kind === "input") return null;
    for (const input of node.inputs) needed.add(input);
    head.push(node);
  }
  return needed.has(output) ? head.reverse() : null;
}
