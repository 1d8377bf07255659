/** Which nodes of a decision tree are drawn: the root, and what lies below nodes that are open. Pure. */
import type { Tree, TreeNode } from "../../shared/head_model.ts";

/** The nodes whose children are drawn, by their places in the tree. */
export type OpenNodes = ReadonlySet<number>;

/** A node that is drawn. */
export interface ShownNode {
  /** Place in `tree.nodes`. */
  readonly index: number;
  readonly node: TreeNode;
  /** 0: the root. */
  readonly depth: number;
  readonly parent: ShownNode | null;
  /** Where it lies below its parent; null at the root. */
  readonly side: "left" | "right" | null;
  /** Left and right, or none where it is a leaf or closed. */
  readonly children: readonly ShownNode[];
  /** Nodes below it that are not drawn. */
  readonly hidden: number;
}

/** Nodes that are drawn at most: more are neither read nor moved smoothly. */
export const MAX_SHOWN = 1_500;

/** Returns whether a node asks something. */
export function isSplit(node: TreeNode): boolean {
  return node.feature >= 0;
}

/** Rows that came to a node while fitting. */
export function rowsOf({ counts }: TreeNode): number {
  return counts.reduce((sum, one) => sum + one, 0);
}

/** Opens nodes from the root on, those with most rows first, until `most` nodes are drawn. */
export function openUpTo(tree: Tree, most: number): Set<number> {
  const open = new Set<number>();
  const waiting = [0];
  for (let shown = 1; shown + 2 <= most;) {
    const [index, node] = takeLargest(tree, waiting);
    if (node === undefined) break;
    if (!isSplit(node)) continue;
    open.add(index);
    waiting.push(node.left, node.right);
    shown += 2;
  }
  return open;
}

/** Takes the place with most rows out of a list. */
function takeLargest({ nodes }: Tree, places: number[]): readonly [number, TreeNode | undefined] {
  let best = -1;
  let most = -1;
  for (const [at, place] of places.entries()) {
    const node = nodes[place];
    const rows = node === undefined || !isSplit(node) ? 0 : rowsOf(node);
    if (rows > most) [best, most] = [at, rows];
  }
  const [index = -1] = places.splice(best, 1);
  return [index, nodes[index]];
}

/** Opens every node, as far as `MAX_SHOWN` allows. */
export function openAll(tree: Tree): Set<number> {
  return openUpTo(tree, MAX_SHOWN);
}

/** Opens what hides a path, too. */
export function withPath(open: OpenNodes, path: readonly number[]): OpenNodes {
  const hides = path.slice(0, -1).filter((index) => !open.has(index));
  return hides.length === 0 ? open : new Set([...open, ...hides]);
}

/** Opens a node that is closed, and closes one that is open. */
export function toggled(open: OpenNodes, index: number): OpenNodes {
  const next = new Set(open);
  if (!next.delete(index)) next.add(index);
  return next;
}

/** The drawn nodes, as a tree of their own. */
export function shownTree(tree: Tree, open: OpenNodes): ShownNode {
  const sizes = sizesBelow(tree);
  const show = (index: number, parent: ShownNode | null, side: ShownNode["side"]): Growing => {
    const node = tree.nodes[index] ?? EMPTY;
    const depth = parent === null ? 0 : parent.depth + 1;
    const hidden = isSplit(node) && open.has(index) ? 0 : (sizes[index] ?? 1) - 1;
    return { index, node, depth, parent, side, hidden, children: [] };
  };
  const root = show(0, null, null);
  // A tree may be as deep as it has rows: no recursion.
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, index } = next;
    if (!isSplit(node) || !open.has(index)) continue;
    next.children.push(show(node.left, next, "left"), show(node.right, next, "right"));
    waiting.push(...next.children);
  }
  return root;
}

/** A shown node whose children are still to come. */
interface Growing extends ShownNode {
  readonly children: Growing[];
}

const EMPTY: TreeNode = { feature: -1, threshold: 0, left: -1, right: -1, counts: [], impurity: 0 };

/** Nodes of the part that each node is the root of; children lie behind their parents. */
function sizesBelow({ nodes }: Tree): Int32Array {
  const sizes = new Int32Array(nodes.length).fill(1);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined || !isSplit(node)) continue;
    sizes[index] = 1 + (sizes[node.left] ?? 0) + (sizes[node.right] ?? 0);
  }
  return sizes;
}

/** Every drawn node, each before what lies below it, left before right. */
export function listed(root: ShownNode): ShownNode[] {
  const all: ShownNode[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    all.push(next);
    waiting.push(...next.children.toReversed());
  }
  return all;
}
