/**
 * A forest as one run of numbers: it moves between threads, to the disk and back without being read, in a tenth of the memory
 * that its nodes take as objects. The forest of 4,000 pictures may have 300,000 nodes; as objects they would hold up whoever
 * shares a thread with them for seconds.
 */
import type { ForestHead, Tree, TreeNode } from "../../shared/head_model.ts";

/** A forest whose trees are numbers. */
export interface FlatForest extends Omit<ForestHead, "trees"> {
  /** [trees]: nodes of each, and entries of their counts together. */
  readonly sizes: readonly (readonly [nodes: number, entries: number])[];
  /** The trees one behind the other, as {@link flatTrees} reads them; at a multiple of 8 in their buffer. */
  readonly numbers: Uint8Array<ArrayBuffer>;
}

/** A tree as lists of numbers: what {@link TreeNode} says of each node, with the counts that are not 0 alone. */
export interface FlatTree {
  /** [nodes] each. */
  readonly thresholds: Float64Array;
  readonly impurities: Float64Array;
  readonly lefts: Int32Array;
  readonly rights: Int32Array;
  readonly features: Int16Array;
  /** [nodes + 1]: where each node's entries begin in the two lists behind. */
  readonly starts: Uint32Array;
  /** [entries] each: a class, and its rows. */
  readonly labels: Uint8Array;
  readonly counts: Uint32Array;
}

/** Bytes of a node, and of an entry of its counts. */
const NODE_BYTES = 8 + 8 + 4 + 4 + 4 + 2;
const ENTRY_BYTES = 4 + 1;

/** Bytes of a tree, up to where the next one can begin. */
function treeBytes([nodes, entries]: FlatForest["sizes"][number]): number {
  // One start more than nodes.
  return Math.ceil((nodes * NODE_BYTES + 4 + entries * ENTRY_BYTES) / 8) * 8;
}

/** Bytes of all trees. */
export function forestBytes(sizes: FlatForest["sizes"]): number {
  return sizes.reduce((sum, size) => sum + treeBytes(size), 0);
}

/** The trees, not copied. */
export function flatTrees({ sizes, numbers }: Pick<FlatForest, "sizes" | "numbers">): readonly FlatTree[] {
  let at = numbers.byteOffset;
  return sizes.map((size) => {
    const tree = viewsOf(numbers.buffer, at, size);
    at += treeBytes(size);
    return tree;
  });
}

/** The lists of a tree, the widest numbers first, so that each begins at a multiple of its size. */
function viewsOf(
  buffer: ArrayBuffer,
  from: number,
  [nodes, entries]: FlatForest["sizes"][number],
): FlatTree {
  let at = from;
  const next = (bytes: number) => {
    const begin = at;
    at += bytes;
    return begin;
  };
  return {
    thresholds: new Float64Array(buffer, next(8 * nodes), nodes),
    impurities: new Float64Array(buffer, next(8 * nodes), nodes),
    lefts: new Int32Array(buffer, next(4 * nodes), nodes),
    rights: new Int32Array(buffer, next(4 * nodes), nodes),
    starts: new Uint32Array(buffer, next(4 * (nodes + 1)), nodes + 1),
    counts: new Uint32Array(buffer, next(4 * entries), entries),
    features: new Int16Array(buffer, next(2 * nodes), nodes),
    labels: new Uint8Array(buffer, next(entries), entries),
  };
}

/** Writes a tree as numbers. */
export function flatTree({ nodes }: Tree): FlatTree {
  const entries = nodes.reduce((sum, { counts }) => sum + counts.filter((count) => count !== 0).length, 0);
  const size = [nodes.length, entries] as const;
  const tree = viewsOf(new ArrayBuffer(treeBytes(size)), 0, size);
  let entry = 0;
  nodes.forEach(({ feature, threshold, left, right, counts, impurity }, place) => {
    tree.features[place] = feature;
    tree.thresholds[place] = threshold;
    tree.lefts[place] = left;
    tree.rights[place] = right;
    tree.impurities[place] = impurity;
    counts.forEach((count, label) => {
      if (count === 0) return;
      tree.labels[entry] = label;
      tree.counts[entry++] = count;
    });
    tree.starts[place + 1] = entry;
  });
  return tree;
}

/** Puts flat trees behind each other. */
export function joinTrees(trees: readonly FlatTree[]): Pick<FlatForest, "sizes" | "numbers"> {
  const sizes = trees.map(({ features, labels }) => [features.length, labels.length] as const);
  const numbers = new Uint8Array(forestBytes(sizes));
  let at = 0;
  trees.forEach(({ thresholds: { buffer, byteOffset } }, place) => {
    const bytes = treeBytes(sizes[place] ?? [0, 0]);
    numbers.set(new Uint8Array(buffer, byteOffset, bytes), at);
    at += bytes;
  });
  return { sizes, numbers };
}

/** A flat tree as nodes. */
export function treeOf(tree: FlatTree, classes: number): Tree {
  const nodes = Array.from(tree.features, (feature, place): TreeNode => ({
    feature,
    threshold: tree.thresholds[place] ?? 0,
    left: tree.lefts[place] ?? -1,
    right: tree.rights[place] ?? -1,
    counts: countsAt(tree, place, classes),
    impurity: tree.impurities[place] ?? 0,
  }));
  return { nodes };
}

/** [classes]: rows of each that came to a node. */
export function countsAt({ starts, labels, counts }: FlatTree, place: number, classes: number): number[] {
  const all = new Array<number>(classes).fill(0);
  for (let entry = starts[place] ?? 0; entry < (starts[place + 1] ?? 0); entry++) {
    all[labels[entry] ?? 0] = counts[entry] ?? 0;
  }
  return all;
}

/** The forest as numbers. */
export function flatForest(head: ForestHead): FlatForest {
  const { kind, classes, width, features, seed, trees, ...rest } = head;
  return { kind, classes, width, features, seed, ...joinTrees(trees.map(flatTree)), ...rest };
}

/** The forest as plain data, or with its first `most` trees alone. */
export function plainForest(head: FlatForest, most = Infinity): ForestHead {
  const { kind, classes, width, features, seed, sizes, numbers, ...rest } = head;
  const trees = flatTrees({ sizes, numbers }).slice(0, most).map((tree) => treeOf(tree, classes.length));
  return { kind, classes, width, features, seed, trees, ...rest };
}

/** Whether the lists of a tree fit each other, as far as reading it as nodes relies on it. */
export function isWhole({ starts, labels }: FlatTree, classes: number): boolean {
  return starts[0] === 0 && starts.at(-1) === labels.length && labels.every((label) => label < classes) &&
    starts.every((start, place) => place === 0 || start >= (starts[place - 1] ?? 0));
}
