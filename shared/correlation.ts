/** Pearson's correlation: whether two maps have their values in the same proportions. */

/**
 * Correlation of two lists of equal length, −1…1; NaN where one of them has the same value everywhere.
 *
 * @throws RangeError where the lengths differ
 */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot correlate the lists: both need ${a.length} values, got ${b.length}`,
    );
  }
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] ?? NaN) - meanA, (b[i] ?? NaN) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? NaN;
  return sum / values.length;
}
