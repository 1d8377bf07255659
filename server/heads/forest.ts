/** The head of many trees: each on a bootstrap sample, each split among √features that are drawn for it (Breiman 2001). */
import type { ForestHead, Tree } from "../../shared/head_model.ts";
import { growTree } from "./_tree_grower.ts";
import { type FlatForest, type FlatTree, flatTree, joinTrees, plainForest } from "./flat_forest.ts";
import type { FitOptions } from "./options.ts";
import { mostProbable } from "./_most_probable.ts";
import { MAX_SEED, MersenneTwister, XorShift } from "./random.ts";
import { countRows, type LabelledRows, rowAt, step, type Steps } from "./rows.ts";
import { importancesOf, leafOf, treeRows } from "./tree.ts";

/** Fits the head. */
export function fitForest(from: LabelledRows, options: FitOptions, steps: Steps): ForestHead {
  return plainForest(findForest(from, options, steps));
}

/** The same with trees as numbers: only one at a time is there as nodes. */
export function findForest(
  from: LabelledRows,
  { seed, trees: wanted }: FitOptions,
  steps: Steps,
): FlatForest {
  const { rows, labels, classes, features = [] } = from;
  const { width } = rows;
  const count = countRows(rows);
  const columns = treeRows(from);
  const seeds = new MersenneTwister(seed);
  const votes = new Float64Array(count * classes.length);
  const trees: FlatTree[] = [];
  const importances: number[][] = [];
  for (let at = 0; at < wanted; at++) {
    const treeSeed = seeds.below(MAX_SEED);
    const weights = bootstrap(count, treeSeed);
    const tree = growTree(columns, {
      weights,
      featuresPerSplit: Math.max(1, Math.floor(Math.sqrt(width))),
      random: new XorShift(new MersenneTwister(treeSeed).below(MAX_SEED)),
      onNode: (done) => step(steps, (at + done) / wanted),
    });
    trees.push(flatTree(tree));
    importances.push(importancesOf(tree, width));
    for (let row = 0; row < count; row++) {
      if (weights[row] === 0) addShares(votes, row * classes.length, tree, rowAt(rows, row));
    }
  }
  const outOfBag = outOfBagShare(votes, labels, classes.length);
  return {
    kind: "forest",
    classes,
    width,
    features,
    seed,
    ...joinTrees(trees),
    ...summed(importances, width),
    ...(outOfBag === null ? {} : { outOfBag }),
  };
}

/** How often each row is drawn when as many are drawn as there are. */
function bootstrap(count: number, seed: number): Int32Array {
  const random = new MersenneTwister(seed);
  const weights = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const row = random.below(count);
    weights[row] = (weights[row] ?? 0) + 1;
  }
  return weights;
}

function addShares(votes: Float64Array, at: number, tree: Tree, row: ArrayLike<number>): void {
  const counts = tree.nodes[leafOf(tree, row)]?.counts ?? [];
  const total = counts.reduce((sum, one) => sum + one, 0);
  counts.forEach((one, k) => votes[at + k] = (votes[at + k] ?? 0) + one / total);
}

/** Share of correct rows among those that some tree did not see; null where there is none. */
function outOfBagShare(votes: Float64Array, labels: Int32Array, classes: number): number | null {
  let [judged, correct] = [0, 0];
  labels.forEach((label, row) => {
    const own = votes.subarray(row * classes, (row + 1) * classes);
    if (own.every((vote) => vote === 0)) return;
    judged++;
    if (mostProbable(own) === label) correct++;
  });
  return judged === 0 ? null : correct / judged;
}

/** Mean and standard deviation over the trees; trees of one leaf say nothing and are left out. */
function summed(
  all: readonly (readonly number[])[],
  width: number,
): Pick<ForestHead, "importances" | "deviations"> {
  const grown = all.filter((own) => own.some((value) => value > 0));
  const over = (values: (tree: readonly number[]) => number) =>
    grown.reduce((sum, tree) => sum + values(tree), 0) / Math.max(1, grown.length);
  const features = Array.from({ length: width }, (_, feature) => feature);
  const means = features.map((feature) => over((tree) => tree[feature] ?? 0));
  const total = means.reduce((sum, mean) => sum + mean, 0);
  return {
    importances: means.map((mean) => total > 0 ? mean / total : 0),
    deviations: features.map((feature) =>
      Math.sqrt(over((tree) => ((tree[feature] ?? 0) - (means[feature] ?? 0)) ** 2))
    ),
  };
}
