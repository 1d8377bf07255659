/** What a head says of a row. */
import type { ForestHead, HeadModel, NearestHead, TreeHead } from "../../shared/head_model.ts";
import { type ComposedWeights, composedWeights, type LinearWeights, softmax } from "./_logits.ts";
import { neighbourSearch } from "./nearest.ts";
import { leafOf } from "./tree.ts";

/** Probabilities of the classes for one row of `width` numbers. */
export type Predictor = (row: ArrayLike<number>) => Float64Array;

/** Makes a head ready to predict: what can be computed once is. */
export function predictor(head: HeadModel): Predictor {
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
export function predict(head: HeadModel, row: ArrayLike<number>): Float64Array {
  return predictor(head)(row);
}

/** The weights of a linear head on raw features, which are weights of class activation maps too; null for the other heads. */
export function composed(head: HeadModel): ComposedWeights | null {
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

function forestPredictor({ trees, classes }: ForestHead): Predictor {
  return (row) => {
    const sums = new Float64Array(classes.length);
    for (const tree of trees) {
      const counts = tree.nodes[leafOf(tree, row)]?.counts ?? [];
      let total = 0;
      for (const count of counts) total += count;
      for (let k = 0; k < counts.length; k++) sums[k] = (sums[k] ?? 0) + (counts[k] ?? 0) / total;
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
