/** From the logits of one moment to what people read: order, probabilities and lines of the ranking. */
import { TOP_CLASSES } from "./limits.ts";
import type { Prediction } from "./protocol.ts";

/** Class indexes in falling order of their logits, the `count` first; equal ones by index. */
export function topClasses(logits: Float32Array, count: number): readonly number[] {
  const top: number[] = [];
  for (const [index, logit] of logits.entries()) {
    let place = top.length;
    while (place > 0 && (logits[top[place - 1] as number] as number) < logit) place--;
    if (place >= count) continue;
    top.splice(place, 0, index);
    if (top.length > count) top.pop();
  }
  return top;
}

/** The `count` first predictions, with softmax probabilities over all classes. */
export function topPredictions(
  logits: Float32Array,
  labels: readonly string[],
  count: number = TOP_CLASSES,
): Prediction[] {
  return predictionsOf(logits, labels, topClasses(logits, count));
}

/** The given classes as lines of the ranking, in the given order. */
export function predictionsOf(
  logits: Float32Array,
  labels: readonly string[],
  classes: readonly number[],
): Prediction[] {
  const sum = sumOfExponentials(logits);
  return classes.map((index) => ({
    index,
    label: labels[index] ?? String(index),
    logit: logits[index] ?? NaN,
    probability: probability(logits, index, sum),
  }));
}

/** One class as a line of the ranking. */
export function predictionOf(logits: Float32Array, labels: readonly string[], index: number): Prediction {
  return predictionsOf(logits, labels, [index])[0] as Prediction;
}

/** Softmax probability of one class, 0…1. */
export function probabilityOf(logits: Float32Array, index: number): number {
  return probability(logits, index, sumOfExponentials(logits));
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
