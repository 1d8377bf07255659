/** The head of one decision tree, and how trees are read. */
import type { Tree, TreeHead } from "../../shared/head_model.ts";
import { growTree, type TreeRows } from "./_tree_grower.ts";
import type { FlatTree } from "./flat_forest.ts";
import type { FitOptions } from "./options.ts";
import { MAX_SEED, MersenneTwister, XorShift } from "./random.ts";
import { countRows, type FeatureRows, type LabelledRows, step, type Steps } from "./rows.ts";

/** Fits the head: all features are looked at for each split, in an order that is drawn. */
export function fitTree(from: LabelledRows, { seed }: FitOptions, steps: Steps): TreeHead {
  const { rows, classes, features = [] } = from;
  const { width } = rows;
  const tree = growTree(treeRows(from), {
    weights: new Int32Array(countRows(rows)).fill(1),
    featuresPerSplit: width,
    random: new XorShift(new MersenneTwister(seed).below(MAX_SEED)),
    onNode: (done) => step(steps, done),
  });
  return { kind: "tree", classes, width, features, seed, tree, importances: importancesOf(tree, width) };
}

/** Rows as trees are grown on them: feature by feature, as 32-bit floats. */
export function treeRows({ rows, labels, classes }: LabelledRows): TreeRows {
  const columns = columnsOf(rows);
  return { columns, ranks: columns.map(ranksOf), labels, classes: classes.length };
}

/** The place of each value among the different ones. */
function ranksOf(column: Float32Array): Uint32Array {
  // Positive and negative zero are one value.
  const values = column.map((value) => value + 0).sort();
  const ranks = new Map<number, number>();
  for (const value of values) if (!ranks.has(value)) ranks.set(value, ranks.size);
  return Uint32Array.from(column, (value) => ranks.get(value) ?? 0);
}

function columnsOf(rows: FeatureRows): Float32Array[] {
  const { values, width } = rows;
  const count = countRows(rows);
  return Array.from(
    { length: width },
    (_, feature) => Float32Array.from({ length: count }, (_, row) => values[row * width + feature] ?? 0),
  );
}

/** The place of the leaf that a row falls into. */
export function leafOf({ nodes }: Tree, row: ArrayLike<number>): number {
  let place = 0;
  for (let node = nodes[0]; node !== undefined && node.feature >= 0; node = nodes[place]) {
    place = Math.fround(row[node.feature] ?? 0) <= node.threshold ? node.left : node.right;
  }
  return place;
}

/** The same in a tree of numbers. */
export function flatLeafOf(
  { features, thresholds, lefts, rights }: FlatTree,
  row: ArrayLike<number>,
): number {
  let place = 0;
  for (let feature = features[0] ?? -1; feature >= 0; feature = features[place] ?? -1) {
    const isLeft = Math.fround(row[feature] ?? 0) <= (thresholds[place] ?? 0);
    place = (isLeft ? lefts[place] : rights[place]) ?? 0;
  }
  return place;
}

/** Share of the decrease in impurity that each feature stands for, weighted by rows; all 0 for a tree of one leaf. */
export function importancesOf({ nodes }: Tree, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  const weighted = (place: number) => {
    const node = nodes[place];
    return node === undefined ? 0 : node.impurity * node.counts.reduce((sum, count) => sum + count, 0);
  };
  nodes.forEach(({ feature, left, right }, place) => {
    if (feature < 0) return;
    sums[feature] = (sums[feature] ?? 0) + weighted(place) - weighted(left) - weighted(right);
  });
  const total = sums.reduce((sum, part) => sum + part, 0);
  // What rounding makes of a split that gains nothing may lie below 0.
  return sums.map((sum) => total > 0 ? Math.min(1, Math.max(0, sum / total)) : 0);
}
