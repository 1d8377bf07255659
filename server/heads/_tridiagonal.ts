/**
 * A symmetric matrix brought to tridiagonal form by reflections (Golub and Van Loan: "Matrix Computations", 8.3.1), in its own
 * memory: of 1,280 features the matrix has 13 MB, and so would each copy.
 */

/** A tridiagonal matrix T, and what leads there: A = Q·T·Qᵀ with Q the product of reflections. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** [n]: beside[i] stands between i and i + 1. */
  readonly beside: Float64Array;
  /** [n][n]: the first k entries of row k are the vector v of a reflection, I − factor·v·vᵀ. */
  readonly reflections: Float64Array;
  /** [n]. */
  readonly factors: Float64Array;
}

/**
 * A row shorter than this counts as zeros. Where rows repeat, what is left of them shrinks with every reflection until its square
 * underflows, and the next reflection would have no numbers.
 */
const LEAST_LENGTH = 1e-140;

/** Steps between two reports. */
const REPORT_STEPS = 32;

/**
 * Brings a matrix to that form, from its last row up.
 *
 * @param a [n][n], of which the lower half is read; it becomes the reflections
 */
export function tridiagonal(a: Float64Array, n: number, onProgress: (done: number) => void): Tridiagonal {
  const [diagonal, beside, factors] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const p = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    if (k % REPORT_STEPS === 0) onProgress(1 - (k / n) ** 3);
    diagonal[k] = a[k * n + k] ?? 0;
    if (k === 0) break;
    const v = a.subarray(k * n, k * n + k);
    const length = Math.sqrt(dot(v, v));
    if (length < LEAST_LENGTH) continue;
    const last = v[k - 1] ?? 0;
    const end = last > 0 ? -length : length;
    beside[k - 1] = end;
    v[k - 1] = last - end;
    const square = dot(v, v);
    const factor = square === 0 ? 0 : 2 / square;
    factors[k] = factor;
    if (factor === 0) continue;
    times(a, n, v, p);
    for (let i = 0; i < k; i++) p[i] = factor * (p[i] ?? 0);
    const part = (factor / 2) * dot(p.subarray(0, k), v);
    for (let i = 0; i < k; i++) p[i] = (p[i] ?? 0) - part * (v[i] ?? 0);
    for (let i = 0; i < k; i++) {
      const at = i * n;
      const [vi, pi] = [v[i] ?? 0, p[i] ?? 0];
      for (let j = 0; j <= i; j++) a[at + j] = (a[at + j] ?? 0) - vi * (p[j] ?? 0) - pi * (v[j] ?? 0);
    }
  }
  return { diagonal, beside, reflections: a, factors };
}

/** The symmetric matrix times a vector of its first entries, read from its lower half. */
function times(a: Float64Array, n: number, v: Float64Array, into: Float64Array): void {
  const size = v.length;
  into.fill(0, 0, size);
  for (let i = 0; i < size; i++) {
    const at = i * n;
    const vi = v[i] ?? 0;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const value = a[at + j] ?? 0;
      sum += value * (v[j] ?? 0);
      into[j] = (into[j] ?? 0) + value * vi;
    }
    into[i] = (into[i] ?? 0) + sum + (a[at + i] ?? 0) * vi;
  }
}

/** Vectors that are reflected at a time, while a reflection is at hand. */
const TOGETHER = 4;

/**
 * The columns of Q as rows: row r is the reflections r + 1, r + 2, … of the r-th unit vector.
 *
 * @param into [n][n]; it is overwritten
 */
export function basisOf({ reflections, factors }: Tridiagonal, n: number, into: Float64Array): void {
  into.fill(0);
  for (let r = 0; r < n; r++) into[r * n + r] = 1;
  for (let first = 0; first < n; first += TOGETHER) {
    const rows = Array.from({ length: Math.min(TOGETHER, n - first) }, (_, at) => first + at);
    for (let k = first + 1; k < n; k++) {
      const factor = factors[k] ?? 0;
      if (factor === 0) continue;
      const v = reflections.subarray(k * n, k * n + k);
      for (const r of rows) if (k > r) reflect(into.subarray(r * n, r * n + k), v, factor);
    }
  }
}

function reflect(row: Float64Array, v: Float64Array, factor: number): void {
  const part = factor * dot(row, v);
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) - part * (v[i] ?? 0);
}

/** The sum of products, in four sums. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const even = a.length - a.length % 4;
  for (let i = 0; i < even; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (let i = even; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + s2 + s3;
}
