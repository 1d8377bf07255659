/** Permutation importance (Breiman 2001): what accuracy is lost when a feature's values are dealt to other rows. */
import type { HeadKind } from "../../shared/head_model.ts";
import { mostProbable } from "./_most_probable.ts";
import type { FitOptions } from "./options.ts";
import type { Predictor } from "./predict.ts";
import { MersenneTwister } from "./random.ts";
import { countRows, labelledAt, type LabelledRows, rowAt, step, type Steps } from "./rows.ts";
import { foldHeads } from "./validate.ts";

/** How often each feature is shuffled. */
const REPEATS = 5;

/** Importance of each feature. */
export interface Importance {
  /** [width]: mean loss of accuracy; below 0 where shuffling happened to help. */
  readonly means: readonly number[];
  /** [width]: standard deviation over the repetitions. */
  readonly deviations: readonly number[];
}

/** Losses of one predictor, [width][repeats], drawn as scikit-learn's `permutation_importance` draws. */
export function permutationLosses(
  predict: Predictor,
  { rows, labels }: Pick<LabelledRows, "rows" | "labels">,
  { seed = 0, repeats = REPEATS }: { readonly seed?: number; readonly repeats?: number } = {},
  steps: Steps = {},
): readonly (readonly number[])[] {
  const count = countRows(rows);
  const places = Array.from({ length: count }, (_, row) => row);
  const isCorrect = (row: ArrayLike<number>, at: number) => mostProbable(predict(row)) === labels[at] ? 1 : 0;
  const shareOf = (rowOf: (at: number) => ArrayLike<number>) =>
    places.reduce((sum, at) => sum + isCorrect(rowOf(at), at), 0) / Math.max(1, count);
  const whole = shareOf((at) => rowAt(rows, at));
  const featureSeed = new MersenneTwister(seed).below(2 ** 31);
  const changed = new Float64Array(rows.width);
  return Array.from({ length: rows.width }, (_, feature) => {
    const random = new MersenneTwister(featureSeed);
    const order = Int32Array.from(places);
    let column = Float64Array.from(places, (row) => rows.values[row * rows.width + feature] ?? 0);
    return Array.from({ length: repeats }, (_, repeat) => {
      step(steps, (feature + repeat / repeats) / rows.width);
      random.shuffle(order);
      column = Float64Array.from(order, (from) => column[from] ?? 0);
      return whole - shareOf((at) => {
        changed.set(rowAt(rows, at));
        changed[feature] = column[at] ?? 0;
        return changed;
      });
    });
  });
}

/** Permutation importance on rows that the head was not fitted to: over the folds of a cross-validation. */
export function permutationImportance(
  kind: HeadKind,
  from: LabelledRows,
  options: Partial<FitOptions> & { readonly folds?: number } = {},
  steps: Steps = {},
): Importance {
  const { seed = 0, folds = 5 } = options;
  const all: number[][] = Array.from({ length: from.rows.width }, () => []);
  let fold = 0;
  for (const { test, predict } of foldHeads(kind, from, options, { signal: steps.signal })) {
    const onProgress = (done: number) => steps.onProgress?.((fold + done) / folds);
    const losses = permutationLosses(predict, labelledAt(from, test), { seed: seed + fold }, {
      ...steps,
      onProgress,
    });
    losses.forEach((own, feature) => all[feature]?.push(...own));
    fold++;
  }
  step(steps, 1);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    means: all.map(mean),
    deviations: all.map((own) => Math.sqrt(mean(own.map((loss) => (loss - mean(own)) ** 2)))),
  };
}
