/** From the logits of one moment to what people read: order, probabilities and lines of the ranking. */
import { TOP_CLASSES } from "./limits.ts";
import type { Head, Prediction } from "./protocol.ts";

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

/** The `count` first predictions, with the probabilities that the model's head gives. */
export function topPredictions(
  logits: Float32Array,
  model: Classes,
  count: number = TOP_CLASSES,
): Prediction[] {
  return predictionsOf(logits, model, topClasses(logits, count));
}

/** What a model says of its classes. */
export interface Classes {
  /** `[classes]` */
  readonly labels: readonly string[];
  /** Absent: softmax. */
  readonly head?: Head | undefined;
}

/** The given classes as lines of the ranking, in the given order. */
export function predictionsOf(
  logits: Float32Array,
  { labels, head = "softmax" }: Classes,
  classes: readonly number[],
): Prediction[] {
  const probability = probabilities(logits, head);
  return classes.map((index) => ({
    index,
    label: labels[index] ?? String(index),
    logit: logits[index] ?? NaN,
    probability: probability(index),
  }));
}

/** One class as a line of the ranking. */
export function predictionOf(logits: Float32Array, model: Classes, index: number): Prediction {
  return predictionsOf(logits, model, [index])[0] as Prediction;
}

/** Probability of one class, 0…1: its share of all, or where classes do not exclude each other its own. */
export function probabilityOf(logits: Float32Array, index: number, head: Head = "softmax"): number {
  return probabilities(logits, head)(index);
}

/** Gives the probability of a class; what they share is worked out once. */
function probabilities(logits: Float32Array, head: Head): (index: number) => number {
  switch (head) {
    case "softmax": {
      const sum = sumOfExponentials(logits);
      return (index) => share(logits, index, sum);
    }
    case "sigmoid":
      return (index) => 1 / (1 + Math.exp(-(logits[index] ?? -Infinity)));
    default:
      throw new Error(`Cannot compute the probability: expected a known head, got ${head satisfies never}`);
  }
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

function share(logits: Float32Array, index: number, { largest, sum }: ExponentialSum): number {
  return Math.exp((logits[index] ?? -Infinity) - largest) / sum;
}
