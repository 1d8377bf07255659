/** Which values of a network lie on the picture: as rows and columns of cells, or as a row of tokens that were cells. */
import { type Graph, isPointwise, type Node, type Shape } from "./graph.ts";
import { size } from "./shapes.ts";

/** Cells of a value that lie on the picture: `skip` of its positions come before them, then they follow row by row. */
export interface Grid {
  readonly height: number;
  readonly width: number;
  /** Tokens in front that stand for no place, such as a class token; 0 where a value has rows and columns. */
  readonly skip: number;
}

/** What a side of a value counts. */
export type Side =
  /** `of`: the node that was last a picture of rows, columns and channels. */
  | { readonly kind: "rows" | "columns"; readonly of: string }
  | Tokens
  | { readonly kind: "channels" }
  /** A share of the channels, or one of several of them. */
  | { readonly kind: "part" }
  /** Several sides in one, the first of them the slowest: what a reshaping put together and the next takes apart. */
  | { readonly kind: "joined"; readonly parts: readonly Part[] }
  | { readonly kind: "other" };

/** A side of a certain length. */
interface Part {
  readonly length: number;
  readonly side: Side;
}

/** Rows and columns in one side, one row behind the other. */
export interface Tokens extends Grid {
  readonly kind: "tokens";
  readonly of: string;
}

const OTHER: Side = { kind: "other" };
const CHANNELS: Side = { kind: "channels" };
const PART: Side = { kind: "part" };

const known = new WeakMap<Graph, ReadonlyMap<string, readonly Side[]>>();
const knownGrids = new WeakMap<Graph, ReadonlyMap<string, Grid>>();

/** What the sides of every node's value count, the batch left out. */
export function sidesOf(graph: Graph): ReadonlyMap<string, readonly Side[]> {
  const found = known.get(graph) ?? follow(graph);
  known.set(graph, found);
  return found;
}

/** The grids of all nodes whose values lie on the picture: `[height, width, channels]`, or `[tokens, channels]`. */
export function gridsOf(graph: Graph): ReadonlyMap<string, Grid> {
  const found = knownGrids.get(graph) ?? findGrids(graph);
  knownGrids.set(graph, found);
  return found;
}

function findGrids(graph: Graph): ReadonlyMap<string, Grid> {
  const sides = sidesOf(graph);
  const grids = new Map<string, Grid>();
  for (const { name, shape } of graph.nodes) {
    const grid = gridOf(shape, sides.get(name) ?? []);
    if (grid !== null) grids.set(name, grid);
  }
  return grids;
}

function gridOf(shape: Shape, sides: readonly Side[]): Grid | null {
  const [first, second, third] = sides;
  if (shape.length === 3 && third?.kind === "channels") {
    const [height = 1, width = 1] = shape;
    const placed = (height === 1 || first?.kind === "rows") && (width === 1 || second?.kind === "columns");
    return placed ? { height, width, skip: 0 } : null;
  }
  if (shape.length !== 2 || first?.kind !== "tokens" || second?.kind !== "channels") return null;
  return { height: first.height, width: first.width, skip: first.skip };
}

function follow({ nodes }: Graph): ReadonlyMap<string, readonly Side[]> {
  const sides = new Map<string, readonly Side[]>();
  const shapes = new Map<string, Shape>();
  for (const node of nodes) {
    const feeds = node.inputs.map((name) => ({
      shape: shapes.get(name) ?? [],
      sides: sides.get(name) ?? [],
    }));
    const found = through(node, feeds);
    sides.set(
      node.name,
      gridOf(node.shape, found) === null || node.shape.length !== 3 ? found : picture(node),
    );
    shapes.set(node.name, node.shape);
  }
  return sides;
}

interface Feed {
  readonly shape: Shape;
  readonly sides: readonly Side[];
}

function through(node: Node, feeds: readonly Feed[]): readonly Side[] {
  const [{ shape: from, sides } = { shape: [], sides: [] }, second] = feeds;
  if (isPointwise(node)) return sides;
  switch (node.kind) {
    case "input":
    case "conv":
    case "depthwise":
    case "max-pool":
    case "average-pool":
    case "pad":
    case "spread":
    case "upsample":
    case "resize":
      return picture(node);
    case "softmax":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
      return sides;
    case "dense": {
      // What is mixed along a side of cells has no places any more.
      const last = sides.at(-1);
      return [...sides.slice(0, -1), last?.kind === "channels" || last?.kind === "part" ? CHANNELS : OTHER];
    }
    case "add":
    case "multiply":
    case "subtract":
    case "divide":
      return node.shape.map((length, side) => merged(feeds, side, length));
    case "concat":
      return joined(node, feeds);
    case "global-average-pool":
    case "global-max-pool":
      return node.attrs.keepDims ? picture(node) : [CHANNELS];
    case "flatten":
      return reshaped({ shape: from, sides }, node.shape);
    case "reshape":
      return reshaped({ shape: from, sides }, node.shape);
    case "transpose":
      return node.attrs.order.map((side) => sides[side] ?? OTHER);
    case "slice":
      return sides.map((side, at) =>
        cut(side, { from: from[at] ?? 1, start: node.attrs.starts[at] ?? 0, size: node.attrs.sizes[at] ?? 1 })
      );
    case "gather":
      return sides.map((side, at) =>
        at === node.attrs.side ? picked(side, from[at] ?? 1, node.attrs.indices) : side
      );
    case "reduce":
      return sides.flatMap((side, at) =>
        node.attrs.sides.includes(at) ? (node.attrs.keepDims ? [OTHER] : []) : [side]
      );
    case "matmul": {
      const { transposeA, transposeB } = node.attrs;
      return [
        ...node.shape.slice(0, -2).map((length, side) => merged(feeds, side, length)),
        sides.at(transposeA ? -1 : -2) ?? OTHER,
        second?.sides.at(transposeB ? -2 : -1) ?? OTHER,
      ];
    }
    case "constant":
      return node.shape.map(() => OTHER);
    default:
      throw new Error(`Cannot follow the node's sides: its kind ${node satisfies never} is unknown`);
  }
}

function picture({ name, shape }: Node): readonly Side[] {
  if (shape.length !== 3) return shape.map(() => OTHER);
  return [{ kind: "rows", of: name }, { kind: "columns", of: name }, CHANNELS];
}

/** A side of merged values: that of the one that lies on the picture there, else of the first that is not stretched. */
function merged(feeds: readonly Feed[], side: number, length: number): Side {
  const all = feeds.filter(({ shape }) => shape[side] === length).map(({ sides }) => sides[side] ?? OTHER);
  return all.find(isPlaced) ?? all.find(({ kind }) => kind !== "other") ?? OTHER;
}

function joined(node: Node<"concat">, feeds: readonly Feed[]): readonly Side[] {
  const along = node.attrs.axis === -1 ? node.shape.length - 1 : node.attrs.axis - 1;
  return node.shape.map((length, side) => {
    if (side !== along) return merged(feeds, side, length);
    let before = 0;
    for (const { shape, sides } of feeds) {
      const own = sides[side] ?? OTHER;
      if (own.kind === "tokens") return { ...own, skip: own.skip + before };
      before += shape[side] ?? 0;
    }
    const [first = OTHER] = feeds.map(({ sides }) => sides[side] ?? OTHER);
    return isPlaced(first) ? OTHER : first;
  });
}

/** A side of which only a part is left. */
function cut(
  side: Side,
  { from, start, size: length }: { readonly from: number; readonly start: number; readonly size: number },
): Side {
  if (length === from) return side;
  if (side.kind === "joined") return OTHER;
  if (side.kind !== "tokens") return side;
  const skip = side.skip - start;
  return skip >= 0 && skip + side.height * side.width <= length ? { ...side, skip } : OTHER;
}

/** A side of which some places are left: of rows and columns those that lie evenly, as merged patches do. */
function picked(side: Side, from: number, indices: readonly number[]): Side {
  if (side.kind === "channels") return side;
  if (side.kind !== "rows" && side.kind !== "columns") return OTHER;
  const [first = 0, second = first] = indices;
  const step = second - first;
  const even = step > 0 && indices.every((index, at) => index === first + at * step);
  return even && indices.length === Math.ceil((from - first) / step) && first < step ? side : OTHER;
}

/** Follows the sides that are put together or taken apart; sides of 1 are nothing. */
function reshaped({ shape, sides }: Feed, to: Shape): readonly Side[] {
  if (shape.length === 1 && to.length === 3) return picture3;
  const from = shape.flatMap((length, at) => partsOf({ length, side: sides[at] ?? OTHER }));
  const wanted = to.filter((length) => length > 1);
  const found: Side[] = [];
  for (let [at, next] = [0, 0]; next < wanted.length;) {
    const group = from.slice(at, ++at);
    const lengths = wanted.slice(next, ++next);
    const sum = () => size(group.map(({ length }) => length));
    while (sum() !== size(lengths)) {
      const more = sum() < size(lengths) ? from[at++] : undefined;
      if (more !== undefined) group.push(more);
      else if (next < wanted.length) lengths.push(wanted[next++] as number);
      else return to.map(() => OTHER);
    }
    found.push(...regrouped(group, lengths));
  }
  return to.map((length) => length > 1 ? found.shift() ?? OTHER : OTHER);
}

/** A layer of numbers made into a picture. */
const picture3: readonly Side[] = [{ kind: "rows", of: "" }, { kind: "columns", of: "" }, CHANNELS];

/** The sides that a side is made of, those of 1 left out. */
function partsOf({ length, side }: Part): readonly Part[] {
  if (length === 1) return [];
  return side.kind === "joined" ? side.parts : [{ length, side }];
}

function regrouped(
  group: readonly Part[],
  lengths: readonly number[],
): readonly Side[] {
  const [first, second] = group.map(({ side }) => side);
  if (first === undefined) return lengths.map(() => OTHER);
  if (group.length === 1 && lengths.length === 1) return [first];
  if (group.length === 2 && lengths.length === 1 && first.kind === "rows" && second?.kind === "columns") {
    const [height = 1, width = 1] = group.map(({ length }) => length);
    return [{ kind: "tokens", height, width, skip: 0, of: first.of }];
  }
  if (group.length === 1 && first.kind === "tokens" && first.skip === 0) {
    const { height, width, of } = first;
    if (lengths.join() === [height, width].join()) return [{ kind: "rows", of }, { kind: "columns", of }];
  }
  const ofChannels = group.every(({ side: { kind } }) => kind === "channels" || kind === "part");
  if (!ofChannels) {
    // Whatever is put together here may be taken apart again.
    const keeps = lengths.length === 1 && group.some(({ side }) => side.kind !== "other");
    return keeps ? [{ kind: "joined", parts: group }] : lengths.map(() => OTHER);
  }
  return lengths.length === 1 ? [CHANNELS] : lengths.map(() => PART);
}

function isPlaced({ kind }: Side): boolean {
  return kind === "rows" || kind === "columns" || kind === "tokens";
}
