/** What a fit can be told beside its rows. */

/** All of them. */
export interface FitOptions {
  /** What chance is drawn from, 0…2³¹ − 1. Tree and forest draw as scikit-learn does with the same `random_state`. */
  readonly seed: number;
  /** Inverse of the L2 penalty of linear heads, above 0. */
  readonly c: number;
  /** Share of the variance that the principal components keep, 0…1. */
  readonly keep: number;
  /** Trees of a forest. */
  readonly trees: number;
  /** Neighbours that are asked. */
  readonly k: number;
  /** Whether rows are standardised before nearest neighbours are looked for, as columns of a table have units. */
  readonly standardise: boolean;
}

export const FIT_DEFAULTS: FitOptions = {
  seed: 0,
  c: 1,
  keep: 0.99,
  trees: 100,
  k: 5,
  standardise: false,
};
