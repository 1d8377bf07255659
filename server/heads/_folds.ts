/** Rows dealt into folds so that each has its share of every class, as scikit-learn's shuffled `StratifiedKFold` deals them. */
import { MersenneTwister } from "./random.ts";

/**
 * The fold of each row.
 *
 * @param labels at least as many as there are folds
 * @param folds at least two
 */
export function foldsOf(labels: Int32Array, folds: number, seed: number): Int32Array {
  const random = new MersenneTwister(seed);
  // Classes in the order in which they appear, the rows of each behind each other.
  const places = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const own = places.get(label);
    if (own === undefined) places.set(label, [row]);
    else own.push(row);
  });
  const dealt = new Int32Array(labels.length);
  let from = 0;
  for (const rows of places.values()) {
    // Every fold takes each `folds`-th row of that order.
    const own: number[] = [];
    for (let fold = 0; fold < folds; fold++) {
      const first = from + ((fold - (from % folds) + folds) % folds);
      for (let at = first; at < from + rows.length; at += folds) own.push(fold);
    }
    const shuffled = Int32Array.from(own);
    random.shuffle(shuffled);
    rows.forEach((row, at) => dealt[row] = shuffled[at] ?? 0);
    from += rows.length;
  }
  return dealt;
}
