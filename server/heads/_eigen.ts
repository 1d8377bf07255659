/**
 * Eigenvalues and eigenvectors of a symmetric matrix: reflections to tridiagonal form, then the QL algorithm with implicit
 * shifts (Golub and Van Loan: "Matrix Computations", 8.3). Vectors are kept as rows, so that every inner loop runs along memory.
 */

/** Turns of the QL algorithm for one eigenvalue at most; two are usual. */
const MAX_TURNS = 60;

/** Eigenvalues and their vectors, by falling value. */
export interface Eigen {
  readonly values: Float64Array;
  /** [n][n]: vectors of length 1 as rows. */
  readonly vectors: Float64Array;
}

/**
 * Finds them.
 *
 * @param matrix [n][n], symmetric; it is overwritten
 * @param onProgress share that is done, 0…1; what it throws ends the work
 */
export function eigenOf(
  matrix: Float64Array,
  n: number,
  onProgress: (done: number) => void = () => {},
): Eigen {
  const form = tridiagonal(matrix, n, (done) => onProgress(done * 0.3));
  const vectors = transposedReflections(form, n);
  onProgress(0.5);
  const { diagonal, beside } = form;
  rotate({ diagonal, beside, vectors, n }, (done) => onProgress(0.5 + done / 2));
  const order = Int32Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0));
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (place) => diagonal[place] ?? 0), vectors: sorted };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** [n]: beside[i] stands between i and i + 1. */
  readonly beside: Float64Array;
  /** The vector of each reflection, I − factor·v·vᵀ, from place k + 1 on. */
  readonly reflections: readonly { readonly v: Float64Array; readonly factor: number }[];
}

function tridiagonal(a: Float64Array, n: number, onProgress: (done: number) => void): Tridiagonal {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const reflections: { v: Float64Array; factor: number }[] = [];
  for (let k = 0; k < n - 1; k++) {
    if (k % 64 === 0) onProgress(k / n);
    diagonal[k] = a[k * n + k] ?? 0;
    const size = n - k - 1;
    const v = a.slice(k * n + k + 1, (k + 1) * n);
    const length = Math.sqrt(dot(v, v));
    const first = v[0] ?? 0;
    const end = first > 0 ? -length : length;
    beside[k] = end;
    v[0] = first - end;
    const square = dot(v, v);
    const factor = square === 0 ? 0 : 2 / square;
    reflections.push({ v, factor });
    if (factor === 0) continue;
    const p = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const at = (k + 1 + i) * n + k + 1;
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (a[at + j] ?? 0) * (v[j] ?? 0);
      p[i] = factor * sum;
    }
    const part = (factor / 2) * dot(p, v);
    for (let i = 0; i < size; i++) p[i] = (p[i] ?? 0) - part * (v[i] ?? 0);
    for (let i = 0; i < size; i++) {
      const at = (k + 1 + i) * n + k + 1;
      const [vi, pi] = [v[i] ?? 0, p[i] ?? 0];
      for (let j = 0; j < size; j++) a[at + j] = (a[at + j] ?? 0) - vi * (p[j] ?? 0) - pi * (v[j] ?? 0);
    }
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1] ?? 0;
  return { diagonal, beside, reflections };
}

/** The product of all reflections, transposed: row i is the i-th vector of the tridiagonal form's basis. */
function transposedReflections({ reflections }: Tridiagonal, n: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let k = reflections.length - 1; k >= 0; k--) {
    const { v, factor } = reflections[k] ?? { v: new Float64Array(), factor: 0 };
    if (factor === 0) continue;
    for (let row = k + 1; row < n; row++) {
      const at = row * n + k + 1;
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += (q[at + j] ?? 0) * (v[j] ?? 0);
      sum *= factor;
      for (let j = 0; j < v.length; j++) q[at + j] = (q[at + j] ?? 0) - sum * (v[j] ?? 0);
    }
  }
  return q;
}

/** Turns the tridiagonal form into a diagonal, and the rows of `vectors` with it. */
function rotate(
  { diagonal: d, beside: e, vectors, n }: {
    readonly diagonal: Float64Array;
    readonly beside: Float64Array;
    readonly vectors: Float64Array;
    readonly n: number;
  },
  onProgress: (done: number) => void,
): void {
  for (let low = 0; low < n; low++) {
    if (low % 16 === 0) onProgress(low / n);
    for (let turns = 0;; turns++) {
      let high = low;
      while (high < n - 1 && !isSmall(e[high] ?? 0, d[high] ?? 0, d[high + 1] ?? 0)) high++;
      if (high === low) break;
      if (turns === MAX_TURNS) {
        throw new RangeError(`Cannot find eigenvalue ${low}: ${turns} turns were too few`);
      }
      const gap = ((d[low + 1] ?? 0) - (d[low] ?? 0)) / (2 * (e[low] ?? 0));
      const root = Math.hypot(gap, 1);
      let g = (d[high] ?? 0) - (d[low] ?? 0) + (e[low] ?? 0) / (gap + (gap < 0 ? -root : root));
      let [sine, cosine, shift] = [1, 1, 0];
      for (let i = high - 1; i >= low; i--) {
        const f = sine * (e[i] ?? 0);
        const b = cosine * (e[i] ?? 0);
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        sine = r === 0 ? 0 : f / r;
        cosine = r === 0 ? 1 : g / r;
        const own = (d[i + 1] ?? 0) - shift;
        const turned = ((d[i] ?? 0) - own) * sine + 2 * cosine * b;
        shift = sine * turned;
        d[i + 1] = own + shift;
        g = cosine * turned - b;
        rotateRows(vectors, n, { row: i, sine, cosine });
      }
      d[low] = (d[low] ?? 0) - shift;
      e[low] = g;
      e[high] = 0;
    }
  }
}

/** Turns a row and the one below it into each other. */
function rotateRows(
  vectors: Float64Array,
  n: number,
  { row, sine, cosine }: { readonly row: number; readonly sine: number; readonly cosine: number },
): void {
  const upper = vectors.subarray(row * n, (row + 1) * n);
  const lower = vectors.subarray((row + 1) * n, (row + 2) * n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [upper[i] ?? 0, lower[i] ?? 0];
    lower[i] = sine * a + cosine * b;
    upper[i] = cosine * a - sine * b;
  }
}

function isSmall(beside: number, above: number, below: number): boolean {
  return Math.abs(beside) <= Number.EPSILON * (Math.abs(above) + Math.abs(below));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
