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

/** Where a graph's head begins, and the outputs of its blocks. */
interface Blocks {
  /** Outputs of the blocks in order; the head begins at the last one. */
  readonly outputs: readonly string[];
  readonly shares: readonly string[];
  /** The nodes behind it up to the logits. */
  readonly head: readonly Node[];
}

/** Reports whether a head can be applied to every block: the blocks' outputs are alike, and the head reads the last alone. */
export function hasReadouts(graph: Graph): boolean {
  return blocksOf(graph) !== null;
}

/** Adds the head once more behind every block but the last; the graph itself where that cannot be. */
export function withReadouts(graph: Graph): Graph {
  const blocks = blocksOf(graph);
  if (blocks === null) return graph;
  const last = blocks.outputs.at(-1);
  const added = blocks.outputs.slice(0, -1).flatMap((output, block) => {
    const renamed = new Map(blocks.head.map(({ name }) => [name, copyOf(name, block)]));
    const input = (name: string) => name === last ? output : renamed.get(name) ?? name;
    return blocks.head.map((node): Node => ({
      ...node,
      name: copyOf(node.name, block),
      inputs: node.inputs.map(input),
    }));
  });
  return { ...graph, nodes: [...graph.nodes, ...added] };
}

/** The readouts of a graph that {@link withReadouts} has made, block by block; none of another one. */
export function readoutsOf(graph: Graph): readonly Readout[] {
  const blocks = blocksOf(graph);
  const names = new Set(graph.nodes.map(({ name }) => name));
  if (blocks === null) return [];
  const readouts = blocks.shares.map((shares, block) => ({
    shares,
    logits: block === blocks.shares.length - 1 ? graph.logits : copyOf(graph.logits, block),
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
  const shape = byName.get(first.before)?.shape.join();
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
  return {
    outputs: [...attentions.slice(1).map(({ before }) => before), output],
    shares: attentions.map(({ shares }) => shares),
    head,
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
