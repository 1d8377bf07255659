/** Attention in a graph, recognised by what it computes: softmax over products of values, multiplied with values. */
import type { Graph, Node } from "./graph.ts";
import { type Grid, gridsOf, sidesOf, type Tokens } from "./places.ts";

/** Attention of tokens to each other, in one block of a transformer. */
export interface Attention {
  /** The node of the shares, `[heads, tokens, tokens]`: how much of each token (last side) goes into each. */
  readonly shares: string;
  readonly heads: number;
  readonly tokens: number;
  /** Where the tokens lie on the picture. */
  readonly grid: Grid;
  /** The tokens that go into it, `[tokens, channels]` or in rows and columns, normalised where they are. */
  readonly input: string;
  /** The tokens before that normalisation: what the block before has computed. */
  readonly before: string;
}

const known = new WeakMap<Graph, readonly Attention[]>();

/**
 * Finds the attention of tokens that lie on the picture, in topological order.
 *
 * None where tokens attend to each other within windows in any block: what one block's shares mean for the picture is then
 * not said by the others'.
 */
export function attentionsOf(graph: Graph): readonly Attention[] {
  const found = known.get(graph) ?? findAttentions(graph);
  known.set(graph, found);
  return found;
}

function findAttentions(graph: Graph): readonly Attention[] {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const sides = sidesOf(graph);
  const constant = constantNodes(graph);
  const found = graph.nodes.flatMap((product): (Attention | "within windows")[] => {
    if (product.kind !== "matmul" || product.attrs.transposeA) return [];
    const shares = upwards(nodes.get(product.inputs[0] ?? ""), nodes, ({ kind }) => kind === "identity");
    if (shares?.kind !== "softmax") return [];
    const query = upwards(nodes.get(shares.inputs[0] ?? ""), nodes, (node) => scales(node, constant));
    if (query?.kind !== "matmul" || query.inputs.some((name) => constant.has(name))) return [];
    const [of, to] = sides.get(shares.name)?.slice(-2) ?? [];
    const [rows, columns] = shares.shape.slice(-2);
    if (rows === undefined || rows !== columns) return [];
    if (of?.kind !== "tokens" || to?.kind !== "tokens") return ["within windows"];
    const { height, width, skip } = of;
    if (skip + height * width > rows || !sameGrid(of, to)) return [];
    const ends = tokensBefore(query, nodes, gridsOf(graph), constant);
    if (ends === null) return [];
    const heads = shares.shape.slice(0, -2).reduce((product, side) => product * side, 1);
    return [{ shares: shares.name, heads, tokens: rows, grid: { height, width, skip }, ...ends }];
  });
  const whole = found.filter((attention) => attention !== "within windows");
  return whole.length === found.length ? whole : [];
}

/** Nodes that depend on no input. */
export function constantNodes({ nodes }: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name, kind, inputs } of nodes) {
    if (kind !== "input" && inputs.every((input) => found.has(input))) found.add(name);
  }
  return found;
}

/** Whether a node only scales shares before the softmax, or adds constants such as relative positions. */
function scales({ kind, inputs }: Node, constant: ReadonlySet<string>): boolean {
  switch (kind) {
    case "identity":
    case "affine":
    case "reshape":
      return true;
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
      return inputs.slice(1).every((name) => constant.has(name));
    default:
      return false;
  }
}

/** Walks up first inputs past some nodes. */
function upwards(
  start: Node | undefined,
  nodes: ReadonlyMap<string, Node>,
  past: (node: Node) => boolean,
): Node | undefined {
  let node = start;
  while (node !== undefined && past(node)) node = nodes.get(node.inputs[0] ?? "");
  return node;
}

/** Walks up from the query to the tokens that it is made of. */
function tokensBefore(
  query: Node,
  nodes: ReadonlyMap<string, Node>,
  grids: ReturnType<typeof gridsOf>,
  constant: ReadonlySet<string>,
): Pick<Attention, "input" | "before"> | null {
  let node = nodes.get(query.inputs[0] ?? "");
  while (node !== undefined) {
    const [first, ...others] = node.inputs.filter((name) => !constant.has(name));
    // Without tokens in front of the patches they may as well lie in rows and columns.
    const tokens = grids.has(node.name);
    if (tokens && node.kind === "layer-norm" && first !== undefined) {
      return { input: node.name, before: first };
    }
    if (tokens && others.length > 0) return { input: node.name, before: node.name };
    if (first === undefined || others.length > 0) return null;
    node = nodes.get(first);
  }
  return null;
}

function sameGrid(a: Tokens, b: Tokens): boolean {
  return a.height === b.height && a.width === b.width && a.skip === b.skip;
}
