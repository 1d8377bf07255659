/** Functions of one number that JavaScript does not have. */

/** 1 / (1 + e^−x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** sqrt(2/π) and the factor of the cubic term in gelu's approximation by tanh (Hendrycks and Gimpel, 2016). */
export const GELU_TANH = { factor: Math.sqrt(2 / Math.PI), cubic: 0.044715 } as const;

/** Density of the normal distribution at x. */
export function normalDensity(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** 2/√π·∫ e^−t² from 0 to x, to 3e-7. */
export function erf(x: number): number {
  return 2 * normalShare(x * Math.SQRT2) - 1;
}

/** log(1 + e^x), for any x. */
export function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Factor, and limit on the negative side, with which values keep mean 0 and variance 1 (Klambauer et al., 2017). */
export const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 } as const;

/** Share of the normal distribution below x, to 1e-7: Abramowitz and Stegun 26.2.17. */
export function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = normalDensity(x) * t *
    (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}
