/** How well a head does on rows that it was not fitted to. */
import type { HeadKind } from "../../shared/head_model.ts";
import { foldsOf } from "./_folds.ts";
import { mostProbable } from "./_most_probable.ts";
import { fitHead } from "./fit.ts";
import { findForest } from "./forest.ts";
import { PcaMemory } from "./_pca.ts";
import { FIT_DEFAULTS, type FitOptions } from "./options.ts";
import { findPcaLinear } from "./pca_linear.ts";
import { linearPredictor, type Predictor, predictor } from "./predict.ts";
import { checkLabelled, labelledAt, type LabelledRows, rowAt, step, type Steps } from "./rows.ts";
import type { AnyHead } from "./runnable_head.ts";

/** Folds where nothing else is said. */
export const DEFAULT_FOLDS = 5;

/** What came of a cross-validation. */
export interface Validation {
  /** Mean over the folds, 0…1. */
  readonly accuracy: number;
  /** Standard deviation over the folds. */
  readonly deviation: number;
  /** Accuracy of each fold. */
  readonly folds: readonly number[];
  /** [actual class][predicted class] rows, over all folds. */
  readonly confusion: readonly (readonly number[])[];
  /** [rows]: the class that each row was given while it was not fitted to. */
  readonly predicted: Int32Array;
  /** [rows]: the probability of that class. */
  readonly probability: Float64Array;
}

/** A part of the rows, and a head that was fitted to the others. */
export interface Fold {
  /** Places of the rows that were left out. */
  readonly test: Int32Array;
  readonly predict: Predictor;
}

/**
 * Fits a head for each fold to the rows of the others, one after the other. There are no more folds than rows.
 *
 * @throws GradcastError `head-refused` where the rows do not fit, or the signal's reason
 */
export function* foldHeads(
  kind: HeadKind,
  from: LabelledRows,
  { folds = DEFAULT_FOLDS, ...options }: Partial<FitOptions> & { readonly folds?: number },
  steps: Steps,
): Generator<Fold, void, undefined> {
  checkLabelled(from);
  const { labels } = from;
  const number = Math.min(folds, labels.length);
  const dealt = foldsOf(labels, number, options.seed ?? 0);
  const places = Int32Array.from(labels.keys());
  const fit = foldFit(kind);
  for (let fold = 0; fold < number; fold++) {
    const test = places.filter((row) => dealt[row] === fold);
    const rest = places.filter((row) => dealt[row] !== fold);
    const onProgress = (done: number) => steps.onProgress?.((fold + done) / number);
    yield { test, predict: fitPresent(fit, labelledAt(from, rest), options, { ...steps, onProgress }) };
  }
}

/** Cross-validates a head over stratified folds. */
export function crossValidate(
  kind: HeadKind,
  from: LabelledRows,
  options: Partial<FitOptions> & { readonly folds?: number } = {},
  steps: Steps = {},
): Validation {
  const { labels, classes, rows } = from;
  const predicted = new Int32Array(labels.length);
  const probability = new Float64Array(labels.length);
  const confusion = classes.map(() => classes.map(() => 0));
  const folds: number[] = [];
  for (const { test, predict } of foldHeads(kind, from, options, steps)) {
    let correct = 0;
    for (const row of test) {
      const probabilities = predict(rowAt(rows, row));
      const named = mostProbable(probabilities);
      const label = labels[row] ?? 0;
      predicted[row] = named;
      probability[row] = probabilities[named] ?? 0;
      const line = confusion[label];
      if (line !== undefined) line[named] = (line[named] ?? 0) + 1;
      if (named === label) correct++;
    }
    folds.push(correct / test.length);
  }
  step(steps, 1);
  const accuracy = folds.reduce((sum, one) => sum + one, 0) / folds.length;
  const deviation = Math.sqrt(folds.reduce((sum, one) => sum + (one - accuracy) ** 2, 0) / folds.length);
  return { accuracy, deviation, folds, confusion, predicted, probability };
}

/** Share of the rows whose class a head names, 0…1. */
export function scoreOf(head: AnyHead, { rows, labels }: Pick<LabelledRows, "rows" | "labels">): number {
  const predict = predictor(head);
  let correct = 0;
  labels.forEach((label, row) => correct += mostProbable(predict(rowAt(rows, row))) === label ? 1 : 0);
  return correct / labels.length;
}

/** Fits to the rows of a fold. */
type FoldFit = (from: LabelledRows, options: Partial<FitOptions>, steps: Steps) => Predictor;

/** A predictor holds until the next fold's is made: large matrices are used again. */
function foldFit(kind: HeadKind): FoldFit {
  if (kind === "forest") {
    return (from, options, steps) => predictor(findForest(from, { ...FIT_DEFAULTS, ...options }, steps));
  }
  if (kind !== "pca-linear") return (from, options, steps) => predictor(fitHead(kind, from, options, steps));
  const memory = new PcaMemory();
  return (from, options, steps) =>
    linearPredictor(findPcaLinear(from, { ...FIT_DEFAULTS, ...options }, steps, memory));
}

/** A predictor of all classes, fitted to the rows of those that are there: a class of one row is missing in its own fold. */
function fitPresent(
  fit: FoldFit,
  from: LabelledRows,
  options: Partial<FitOptions>,
  steps: Steps,
): Predictor {
  const present = [...new Set(from.labels)].sort((a, b) => a - b);
  const all = from.classes.length;
  if (present.length === all) return fit(from, options, steps);
  const spread = (probabilities: ArrayLike<number>) => {
    const spread = new Float64Array(all);
    present.forEach((label, at) => spread[label] = probabilities[at] ?? 0);
    return spread;
  };
  if (present.length === 1) return () => spread([1]);
  const place = new Map(present.map((label, at) => [label, at]));
  const predict = fit(
    {
      ...from,
      labels: from.labels.map((label) => place.get(label) ?? 0),
      classes: present.map((label) => from.classes[label] ?? ""),
    },
    options,
    steps,
  );
  return (row) => spread(predict(row));
}
