/** Principal components of standardised rows. */
import { type Eigen, eigenOf } from "./_eigen.ts";
import { productsOfColumns, productsOfRows } from "./_products.ts";
import { countRows, type FeatureRows, type Scale, standardised } from "./rows.ts";

/** Directions of most variance. */
export interface Components {
  /** [k][width]: directions of length 1; the entry of largest size is above 0, as scikit-learn has it. */
  readonly components: readonly Float64Array[];
  /** [k]: share of the variance along each. */
  readonly explained: readonly number[];
}

/** Memory of one decomposition, which the next may use: the components of the one before are overwritten. */
export class PcaMemory {
  #matrices: readonly [Float64Array, Float64Array] | null = null;

  /** Two matrices of [size][size]. */
  take(size: number): readonly [Float64Array, Float64Array] {
    if (this.#matrices?.[0].length !== size * size) {
      this.#matrices = [new Float64Array(size * size), new Float64Array(size * size)];
    }
    return this.#matrices;
  }
}

/** How components are found. */
export interface PcaOptions {
  /** Share of the variance that is kept, 0…1. */
  readonly keep: number;
  readonly memory?: PcaMemory;
  readonly onProgress?: (done: number) => void;
}

/** Finds as few components as keep more than a share of the variance. */
export function principalComponents(rows: FeatureRows, scale: Scale, options: PcaOptions): Components {
  const count = countRows(rows);
  // Products of rows have the same eigenvalues as products of columns: the smaller of the two matrices is taken.
  return count < rows.width ? byRows(rows, scale, options) : byColumns(rows, scale, options);
}

function byColumns(rows: FeatureRows, scale: Scale, options: PcaOptions): Components {
  const { width } = rows;
  const [products, vectors] = (options.memory ?? new PcaMemory()).take(width);
  productsOfColumns(rows, scale, products);
  const total = traceOf(products, width);
  const eigen = eigenOf(products, width, { ...options, vectors });
  return largest(eigen, width, total, options.keep, (vector) => vector);
}

function byRows(rows: FeatureRows, scale: Scale, options: PcaOptions): Components {
  const { width } = rows;
  const count = countRows(rows);
  const values = standardised(rows, scale);
  const products = productsOfRows(values, width, count);
  const total = traceOf(products, count);
  const eigen = eigenOf(products, count, options);
  return largest(eigen, count, total, options.keep, (vector) => combined(values, width, vector));
}

/** Takes vectors until more than a share of the total is kept. */
function largest(
  { values, vector }: Eigen,
  size: number,
  total: number,
  keep: number,
  directionOf: (vector: Float64Array) => Float64Array,
): Components {
  const components: Float64Array[] = [];
  const explained: number[] = [];
  let kept = 0;
  for (let k = 0; k < size && (k === 0 || kept <= keep); k++) {
    const share = total === 0 ? 0 : (values[k] ?? 0) / total;
    // Centred rows have one direction less than rows: what is left is rounding.
    if (k > 0 && share < 1e-12) break;
    components.push(directed(directionOf(vector(k))));
    explained.push(Math.min(1, Math.max(0, share)));
    kept += share;
  }
  return { components, explained };
}

function traceOf(matrix: Float64Array, size: number): number {
  let total = 0;
  for (let i = 0; i < size; i++) total += matrix[i * size + i] ?? 0;
  return total;
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

/** Makes a direction's length 1, and its entry of largest size positive, in place. */
function directed(direction: Float64Array): Float64Array {
  let [square, largest] = [0, 0];
  for (const value of direction) {
    square += value * value;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  const length = Math.sqrt(square) || 1;
  const by = largest < 0 ? -length : length;
  for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) / by;
  return direction;
}
