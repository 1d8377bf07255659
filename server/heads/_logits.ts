/** Logits and probabilities of linear heads. */
import type { Scale } from "./rows.ts";

/** Weights on raw features, one list for each class. */
export interface ComposedWeights {
  /** [classes][width]. */
  readonly weights: readonly (readonly number[])[];
  /** [classes]. */
  readonly bias: readonly number[];
}

/** What a linear head is made of, and one behind a PCA. */
export interface LinearWeights extends Scale, ComposedWeights {
  /** [k][width]: directions that the weights are of; absent: the features themselves. */
  readonly components?: readonly ArrayLike<number>[];
}

/** Weights on standardised features, [classes][width]: those of a head behind a PCA go back through it, Wᵀ·Rᵀ. */
export function standardisedWeights(
  { weights: own, mean, components }: LinearWeights,
): readonly (readonly number[])[] {
  if (components === undefined) return own;
  return own.map((weights) => {
    const sums = new Float64Array(mean.length);
    components.forEach((component, k) => {
      const weight = weights[k] ?? 0;
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (component[i] ?? 0);
    });
    return [...sums];
  });
}

/** Weights and bias on raw features: w/σ, and b − Σ w·μ/σ. */
export function composedWeights(head: LinearWeights): ComposedWeights {
  const { mean, deviation } = head;
  const weights = standardisedWeights(head).map((row) =>
    row.map((weight, i) => weight / (deviation[i] ?? 1))
  );
  const bias = head.bias.map((own, k) =>
    own - (weights[k] ?? []).reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0)
  );
  return { weights, bias };
}

/** Probabilities of logits, in place. */
export function softmax(logits: Float64Array): Float64Array {
  const top = Math.max(...logits);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    const power = Math.exp((logits[k] ?? 0) - top);
    logits[k] = power;
    sum += power;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] ?? 0) / sum;
  return logits;
}
