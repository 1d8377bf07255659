/** From logits to what people read: the ranking, its probabilities, and the class that a target means. */
import { TOP_CLASSES } from "../../shared/limits.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { topClasses } from "../engine/top_classes.ts";
import type { MethodContext } from "./method.ts";

export { topClasses };

/** A target whose label was looked up. */
export type ResolvedTarget = MethodContext["target"];

/** The `count` first predictions, with softmax probabilities over all classes. */
export function topPredictions(
  logits: Float32Array,
  labels: readonly string[],
  count: number = TOP_CLASSES,
): Prediction[] {
  const sum = sumOfExponentials(logits);
  return topClasses(logits, count).map((index) => prediction(logits, labels, index, sum));
}

/** One class as a line of the ranking. */
export function predictionOf(logits: Float32Array, labels: readonly string[], index: number): Prediction {
  return prediction(logits, labels, index, sumOfExponentials(logits));
}

/** Softmax probability of one class, 0…1. */
export function probabilityOf(logits: Float32Array, index: number): number {
  return probability(logits, index, sumOfExponentials(logits));
}

/** Index of the class that a target means for a frame with these logits. */
export function targetClass(logits: Float32Array, target: ResolvedTarget): number {
  if (target.kind === "class") return target.index;
  const index = topClasses(logits, target.rank)[target.rank - 1];
  if (index === undefined) {
    throw new RangeError(
      `Cannot rank the classes as there are ${logits.length}: current value is rank ${target.rank}`,
    );
  }
  return index;
}

/** A sum that belongs to its largest logit: exp(logit) alone would overflow beyond 709. */
interface ExponentialSum {
  readonly largest: number;
  readonly sum: number;
}

function sumOfExponentials(logits: Float32Array): ExponentialSum {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return { largest, sum: logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0) };
}

function probability(logits: Float32Array, index: number, { largest, sum }: ExponentialSum): number {
  return Math.exp((logits[index] ?? -Infinity) - largest) / sum;
}

function prediction(
  logits: Float32Array,
  labels: readonly string[],
  index: number,
  sum: ExponentialSum,
): Prediction {
  return {
    index,
    label: labels[index] ?? String(index),
    logit: logits[index] ?? NaN,
    probability: probability(logits, index, sum),
  };
}
