/** Rank correlation (Spearman 1904): whether two maps put their values in the same order. */

/**
 * Pearson correlation of the ranks of two lists of equal length, −1…1; equal values share the mean of their
 * ranks. A list of one value has no order and gives 0.
 */
export function spearman(first: Float32Array, second: Float32Array): number {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot correlate the maps: both need ${first.length} values, got ${second.length}`,
    );
  }
  const [a, b] = [centredRanks(first), centredRanks(second)];
  const scale = Math.sqrt(product(a, a) * product(b, b));
  return scale === 0 ? 0 : product(a, b) / scale;
}

/** `[values]` rank of each, less the mean of all ranks. */
function centredRanks(values: Float32Array): Float64Array {
  const sorted = values.toSorted();
  const middle = (values.length - 1) / 2;
  // Ranks of equal values are looked for once, at the first of them.
  const ends = new Uint32Array(sorted.length);
  for (let at = sorted.length - 1; at >= 0; at--) {
    ends[at] = sorted[at] === sorted[at + 1] ? ends[at + 1] ?? 0 : at + 1;
  }
  const ranks = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const first = firstNotBelow(sorted, values[index] ?? 0);
    ranks[index] = (first + (ends[first] ?? first) - 1) / 2 - middle;
  }
  return ranks;
}

/** Index of the first value of a rising list that is at least `value`. */
function firstNotBelow(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
