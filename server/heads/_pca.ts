/** Principal components of centred rows. */
import { eigenOf } from "./_eigen.ts";
import { floatsLike } from "./rows.ts";

/** Directions of most variance. */
export interface Components {
  /** [k][width]: directions of length 1; the entry of largest size is above 0, as scikit-learn has it. */
  readonly components: readonly Float64Array[];
  /** [k]: share of the variance along each. */
  readonly explained: readonly number[];
}

/**
 * Finds as few components as keep more than a share of the variance.
 *
 * @param values [rows][width], each feature with mean 0
 * @param keep 0…1
 */
export function principalComponents(
  values: Float32Array | Float64Array,
  width: number,
  keep: number,
  onProgress?: (done: number) => void,
): Components {
  const count = values.length / width;
  // Products of rows have the same eigenvalues as products of columns: the smaller of the two matrices is taken.
  const byRows = count < width;
  const size = byRows ? count : width;
  const columns = byRows ? values : transposed(values, width);
  const products = productsOf(columns, byRows ? width : count, size);
  let total = 0;
  for (let i = 0; i < size; i++) total += products[i * size + i] ?? 0;
  const { values: variances, vectors } = eigenOf(products, size, onProgress);
  const components: Float64Array[] = [];
  const explained: number[] = [];
  let kept = 0;
  for (let k = 0; k < size && (k === 0 || kept <= keep); k++) {
    const share = total === 0 ? 0 : (variances[k] ?? 0) / total;
    // Centred rows have one direction less than rows: what is left is rounding.
    if (k > 0 && share < 1e-12) break;
    const vector = vectors.subarray(k * size, (k + 1) * size);
    components.push(directed(byRows ? combined(values, width, vector) : vector.slice()));
    explained.push(Math.min(1, Math.max(0, share)));
    kept += share;
  }
  return { components, explained };
}

/** The products of every two of `count` rows. */
function productsOf(rows: Float32Array | Float64Array, width: number, count: number): Float64Array {
  const products = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    const own = rows.subarray(a * width, (a + 1) * width);
    for (let b = 0; b <= a; b++) {
      const other = rows.subarray(b * width, (b + 1) * width);
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (own[i] ?? 0) * (other[i] ?? 0);
      products[a * count + b] = sum;
      products[b * count + a] = sum;
    }
  }
  return products;
}

function transposed(values: Float32Array | Float64Array, width: number): Float32Array | Float64Array {
  const count = values.length / width;
  const columns = floatsLike(values, values.length);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) columns[i * count + row] = values[row * width + i] ?? 0;
  }
  return columns;
}

/** The sum of the rows, each times its part. */
function combined(values: Float32Array | Float64Array, width: number, parts: Float64Array): Float64Array {
  const sums = new Float64Array(width);
  parts.forEach((part, row) => {
    const from = row * width;
    for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + part * (values[from + i] ?? 0);
  });
  return sums;
}

/** Brings a direction to length 1, and its entry of largest size above 0. */
function directed(direction: Float64Array): Float64Array {
  let [square, largest] = [0, 0];
  for (const value of direction) {
    square += value * value;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  const length = Math.sqrt(square) || 1;
  return direction.map((value) => value / (largest < 0 ? -length : length));
}
