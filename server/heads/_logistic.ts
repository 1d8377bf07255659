/**
 * Logistic regression: multinomial, L2 on the weights and not on the bias. The loss is Σ −log p(class of the row) + |w|² / 2C, as
 * scikit-learn has it; of two classes there is one vector of weights, as there, and each class gets half of it.
 */
import { minimise } from "./_lbfgs.ts";
import { step, type Steps } from "./rows.ts";

/** Length of the gradient at which the fit ends. As |w|² / 2C is part of the loss, weights are then within C times this of the best. */
const GRADIENT = 1e-4;

const MAX_ITERATIONS = 2_000;

/** Weights that were fitted. */
export interface LogisticFit {
  /** [classes][width]. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly iterations: number;
}

/** Rows to fit to. */
export interface LogisticRows {
  /** [rows][width]. */
  readonly values: Float32Array | Float64Array;
  readonly width: number;
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Fits weights and bias; progress is guessed from how far the gradient's length has fallen. */
export function fitLogistic(rows: LogisticRows, c: number, steps: Steps = {}): LogisticFit {
  const { width, classes } = rows;
  const vectors = classes === 2 ? 1 : classes;
  let first = 0;
  let furthest = 0;
  const { at, iterations } = minimise(lossOf(rows, vectors, c), new Float64Array(vectors * (width + 1)), {
    gradient: GRADIENT,
    iterations: MAX_ITERATIONS,
    onIteration(length) {
      first ||= length;
      furthest = Math.max(furthest, Math.log(first / length) / Math.log(first / GRADIENT));
      step(steps, Math.min(1, Math.max(0, furthest)));
    },
  });
  step(steps, 1);
  const weights = Array.from({ length: vectors }, (_, k) => [...at.subarray(k * width, (k + 1) * width)]);
  const bias = [...at.subarray(vectors * width)];
  if (classes > 2) return { weights, bias, iterations };
  const half = (numbers: readonly number[], sign: number) => numbers.map((number) => (sign * number) / 2);
  const [all = []] = weights;
  return { weights: [half(all, -1), half(all, 1)], bias: [...half(bias, -1), ...half(bias, 1)], iterations };
}

/** Rows that are looked at together: each weight is read, and each part of the gradient written, once for all of them. */
const TOGETHER = 4;

/** The loss of weights [vectors][width] and then biases [vectors]. */
function lossOf({ values, width, labels }: LogisticRows, vectors: number, c: number) {
  const logitsOfRow = () => new Float64Array(vectors);
  const [l0, l1, l2, l3] = [logitsOfRow(), logitsOfRow(), logitsOfRow(), logitsOfRow()];
  const logits = [l0, l1, l2, l3];
  const biasAt = vectors * width;
  return (at: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let i = 0; i < biasAt; i++) {
      const weight = at[i] ?? 0;
      loss += (weight * weight) / (2 * c);
      gradient[i] = weight / c;
    }
    gradient.fill(0, biasAt);
    for (let row = 0; row < labels.length; row += TOGETHER) {
      // The last rows stand for those that are missing, and then count nothing.
      const [r0, r1, r2, r3] = places(row, labels.length, width);
      for (let k = 0; k < vectors; k++) {
        const bias = at[biasAt + k] ?? 0;
        const weightsAt = k * width;
        let [s0, s1, s2, s3] = [bias, bias, bias, bias];
        for (let i = 0; i < width; i++) {
          const weight = at[weightsAt + i] ?? 0;
          s0 += weight * (values[r0 + i] ?? 0);
          s1 += weight * (values[r1 + i] ?? 0);
          s2 += weight * (values[r2 + i] ?? 0);
          s3 += weight * (values[r3 + i] ?? 0);
        }
        l0[k] = s0;
        l1[k] = s1;
        l2[k] = s2;
        l3[k] = s3;
      }
      for (const [one, own] of logits.entries()) {
        if (row + one < labels.length) loss += residuals(own, labels[row + one] ?? 0);
        else own.fill(0);
      }
      for (let k = 0; k < vectors; k++) {
        const [g0, g1, g2, g3] = [l0[k] ?? 0, l1[k] ?? 0, l2[k] ?? 0, l3[k] ?? 0];
        const weightsAt = k * width;
        for (let i = 0; i < width; i++) {
          gradient[weightsAt + i] = (gradient[weightsAt + i] ?? 0) + g0 * (values[r0 + i] ?? 0) +
            g1 * (values[r1 + i] ?? 0) + g2 * (values[r2 + i] ?? 0) + g3 * (values[r3 + i] ?? 0);
        }
        gradient[biasAt + k] = (gradient[biasAt + k] ?? 0) + g0 + g1 + g2 + g3;
      }
    }
    return loss;
  };
}

/** Where four rows begin; the last one again where there are fewer. */
function places(first: number, rows: number, width: number): readonly [number, number, number, number] {
  const of = (row: number) => Math.min(row, rows - 1) * width;
  return [of(first), of(first + 1), of(first + 2), of(first + 3)];
}

/** Turns logits into their gradients, probability − (1 for the label), and returns −log p(label). */
function residuals(logits: Float64Array, label: number): number {
  if (logits.length === 1) {
    const logit = logits[0] ?? 0;
    const towards = label === 1 ? logit : -logit;
    logits[0] = 1 / (1 + Math.exp(-logit)) - label;
    return towards > 0 ? Math.log1p(Math.exp(-towards)) : Math.log1p(Math.exp(towards)) - towards;
  }
  const top = Math.max(...logits);
  const own = (logits[label] ?? 0) - top;
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    const power = Math.exp((logits[k] ?? 0) - top);
    logits[k] = power;
    sum += power;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] ?? 0) / sum - (k === label ? 1 : 0);
  return Math.log(sum) - own;
}
