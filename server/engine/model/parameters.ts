/** The numbers of a model that were learned. */
import { countOf, type Weight } from "./weights.ts";

/** Last parts of the names of weights that are measured or drawn, not learned. */
const NOT_LEARNED: ReadonlySet<string> = new Set([
  "moving_mean",
  "moving_variance",
  "mean",
  "variance",
  "count",
  "seed_generator_state",
]);

/** Counts the learned numbers, as articles and PyTorch do: statistics of batch normalisation are left out. */
export function countParameters(weights: ReadonlyMap<string, Weight>): number {
  // Layers that are called twice have the same weights under two names.
  const learned = new Set<Weight>();
  for (const [name, weight] of weights) {
    if (!NOT_LEARNED.has(name.split("/").at(-1) ?? "")) learned.add(weight);
  }
  return [...learned].reduce((count, weight) => count + countOf(weight), 0);
}
