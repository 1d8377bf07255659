/** What a head says of a row. */
import type { NearestHead, TreeHead } from "../../shared/head_model.ts";
import { type ComposedWeights, composedWeights, type LinearWeights, softmax } from "./_logits.ts";
import { type FlatForest, flatTrees } from "./flat_forest.ts";
import { neighbourSearch } from "./nearest.ts";
import { type AnyHead, runnable } from "./runnable_head.ts";
import { flatLeafOf, leafOf } from "./tree.ts";

/** Probabilities of the classes for one row of `width` numbers. */
export type Predictor = (row: ArrayLike<number>) => Float64Array;

/** Makes a head ready to predict: what can be computed once is. */
export function predictor(any: AnyHead): Predictor {
  const head = runnable(any);
  switch (head.kind) {
    case "linear":
    case "pca-linear":
      return linearPredictor(head);
    case "tree":
      return treePredictor(head);
    case "forest":
      return forestPredictor(head);
    case "nearest":
      return nearestPredictor(head);
    default: {
      const never: never = head;
      throw new TypeError(`Cannot predict: the head's kind ${never} is unknown`);
    }
  }
}

/** Probabilities of one row; {@link predictor} is for several. */
export function predict(head: AnyHead, row: ArrayLike<number>): Float64Array {
  return predictor(head)(row);
}

/** The weights of a linear head on raw features, which are weights of class activation maps too; null for the other heads. */
export function composed(head: AnyHead): ComposedWeights | null {
  return head.kind === "linear" || head.kind === "pca-linear" ? composedWeights(head) : null;
}

/** A predictor of weights on standardised features, or on directions in them. */
export function linearPredictor(head: LinearWeights): Predictor {
  const { weights, bias } = composedWeights(head);
  const flat = weights.map((row) => Float64Array.from(row));
  return (row) => {
    const logits = new Float64Array(flat.length);
    flat.forEach((own, k) => {
      let sum = bias[k] ?? 0;
      for (let i = 0; i < own.length; i++) sum += (own[i] ?? 0) * (row[i] ?? 0);
      logits[k] = sum;
    });
    return softmax(logits);
  };
}

function treePredictor({ tree }: TreeHead): Predictor {
  return (row) => sharesOf(tree.nodes[leafOf(tree, row)]?.counts ?? []);
}

function forestPredictor(head: FlatForest): Predictor {
  const trees = flatTrees(head);
  return (row) => {
    const sums = new Float64Array(head.classes.length);
    for (const tree of trees) {
      const leaf = flatLeafOf(tree, row);
      const { starts, labels, counts } = tree;
      const [from = 0, to = 0] = starts.subarray(leaf, leaf + 2);
      let total = 0;
      for (let entry = from; entry < to; entry++) total += counts[entry] ?? 0;
      for (let entry = from; entry < to; entry++) {
        const label = labels[entry] ?? 0;
        sums[label] = (sums[label] ?? 0) + (counts[entry] ?? 0) / total;
      }
    }
    return sums.map((sum) => sum / trees.length);
  };
}

function nearestPredictor(head: NearestHead): Predictor {
  const search = neighbourSearch(head);
  return (row) => {
    const counts = new Array<number>(head.classes.length).fill(0);
    for (const neighbour of search(row)) {
      const label = head.labels[neighbour.row] ?? 0;
      counts[label] = (counts[label] ?? 0) + 1;
    }
    return sharesOf(counts);
  };
}

function sharesOf(counts: readonly number[]): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(counts, (count) => count / total);
}
