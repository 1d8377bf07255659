/** Why a head says what it says of a row. */
import type { HeadExplanation, TreePath, TreeStep } from "../../shared/head_explanation.ts";
import type { LinearHead, NearestHead, PcaLinearHead, Tree, TreeNode } from "../../shared/head_model.ts";
import { softmax, standardisedWeights } from "./_logits.ts";
import { mostProbable } from "./_most_probable.ts";
import { countsAt, type FlatForest, type FlatTree, flatTrees } from "./flat_forest.ts";
import { neighbourSearch } from "./nearest.ts";
import { predictor } from "./predict.ts";
import { type AnyHead, runnable } from "./runnable_head.ts";
import { flatLeafOf } from "./tree.ts";

/** Paths of trees that an explanation of a forest holds: most of those that name its class, some that do not. */
const PATHS_FOR = 3;
const PATHS_AGAINST = 2;

/** Explains a row of `width` numbers. */
export function explainRow(head: AnyHead, row: ArrayLike<number>): HeadExplanation {
  return explainer(head)(row);
}

/** Makes a head ready to explain: what can be computed once is. Paths of a forest are those of its first `trees` trees. */
export function explainer(any: AnyHead, trees = Infinity): (row: ArrayLike<number>) => HeadExplanation {
  const head = runnable(any);
  switch (head.kind) {
    case "linear":
    case "pca-linear":
      return contributionsOf(head);
    case "tree": {
      const predict = predictor(head);
      return (row) => ({
        kind: "path",
        probabilities: [...predict(row)],
        path: pathOf(head.tree, row),
      });
    }
    case "forest":
      return votesOf(head, trees);
    case "nearest":
      return neighboursOf(head);
    default: {
      const never: never = head;
      throw new TypeError(`Cannot explain: the head's kind ${never} is unknown`);
    }
  }
}

/** The nodes that a row passes. */
export function pathOf(tree: Tree, row: ArrayLike<number>): TreePath {
  const { steps, leaf } = stepsOf((place) => tree.nodes[place], row);
  return { steps, leaf, counts: tree.nodes[leaf]?.counts ?? [] };
}

function flatPathOf(tree: FlatTree, classes: number, row: ArrayLike<number>): TreePath {
  const { features, thresholds, lefts, rights } = tree;
  const { steps, leaf } = stepsOf((place) => ({
    feature: features[place] ?? -1,
    threshold: thresholds[place] ?? 0,
    left: lefts[place] ?? -1,
    right: rights[place] ?? -1,
  }), row);
  return { steps, leaf, counts: countsAt(tree, leaf, classes) };
}

function stepsOf(
  nodeAt: (place: number) => Pick<TreeNode, "feature" | "threshold" | "left" | "right"> | undefined,
  row: ArrayLike<number>,
): Pick<TreePath, "steps" | "leaf"> {
  const steps: TreeStep[] = [];
  let place = 0;
  for (let node = nodeAt(0); node !== undefined && node.feature >= 0; node = nodeAt(place)) {
    const { feature, threshold, left, right } = node;
    const value = row[feature] ?? 0;
    const side = Math.fround(value) <= threshold ? "left" : "right";
    steps.push({ node: place, feature, value, threshold, side });
    place = side === "left" ? left : right;
  }
  return { steps, leaf: place };
}

function contributionsOf(head: LinearHead | PcaLinearHead): (row: ArrayLike<number>) => HeadExplanation {
  const weights = standardisedWeights(head);
  const { mean, deviation, bias } = head;
  return (row) => {
    const contributions = weights.map((own) =>
      own.map((weight, i) => (weight * ((row[i] ?? 0) - (mean[i] ?? 0))) / (deviation[i] ?? 1))
    );
    const logits = contributions.map((own, k) => own.reduce((sum, part) => sum + part, bias[k] ?? 0));
    const probabilities = [...softmax(Float64Array.from(logits))];
    return { kind: "contributions", probabilities, contributions, bias, logits };
  };
}

function votesOf(head: FlatForest, shown: number): (row: ArrayLike<number>) => HeadExplanation {
  const predict = predictor(head);
  const trees = flatTrees(head);
  const { length: classes } = head.classes;
  return (row) => {
    const probabilities = [...predict(row)];
    const winner = mostProbable(probabilities);
    const named = trees.map((tree) => mostProbable(countsAt(tree, flatLeafOf(tree, row), classes)));
    const votes = head.classes.map((_, k) => named.filter((label) => label === k).length);
    const some = (most: number, agrees: boolean) =>
      trees.slice(0, shown)
        .flatMap((tree, at) => (named[at] === winner) === agrees ? [{ tree, at }] : [])
        .slice(0, most);
    const paths = [...some(PATHS_FOR, true), ...some(PATHS_AGAINST, false)].map(({ tree, at }) => ({
      tree: at,
      ...flatPathOf(tree, classes, row),
    }));
    return { kind: "votes", probabilities, votes, named, paths };
  };
}

function neighboursOf(head: NearestHead): (row: ArrayLike<number>) => HeadExplanation {
  const predict = predictor(head);
  const search = neighbourSearch(head);
  return (row) => ({
    kind: "neighbours",
    probabilities: [...predict(row)],
    neighbours: search(row).map((found) => ({
      ...found,
      id: head.ids?.[found.row] ?? `${found.row}`,
      label: head.labels[found.row] ?? 0,
    })),
  });
}
