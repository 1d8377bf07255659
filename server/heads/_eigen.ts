/**
 * Eigenvalues and eigenvectors of a symmetric matrix: reflections to tridiagonal form, then the QL algorithm with implicit
 * shifts (Golub and Van Loan: "Matrix Computations", 8.3).
 */
import { Rotations, transpose } from "./_rotations.ts";
import { basisOf, tridiagonal } from "./_tridiagonal.ts";

/** Turns of the QL algorithm for one eigenvalue at most; two are usual. */
const MAX_TURNS = 60;

/** Eigenvalues and their vectors, by falling value. */
export interface Eigen {
  readonly values: Float64Array;
  /** The vector of length 1 of the k-th value, not copied. */
  vector(k: number): Float64Array;
}

/** Memory that the vectors are written to, so that one after the other may use it. */
export interface EigenOptions {
  /** [n][n] or more; it is overwritten. */
  readonly vectors?: Float64Array;
  /** Share that is done, 0…1; what it throws ends the work. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Finds them.
 *
 * @param matrix [n][n], of which the lower half is read; it is overwritten
 */
export function eigenOf(
  matrix: Float64Array,
  n: number,
  { vectors = new Float64Array(n * n), onProgress = () => {} }: EigenOptions = {},
): Eigen {
  const form = tridiagonal(matrix, n, (done) => onProgress(done * 0.4));
  basisOf(form, n, vectors);
  onProgress(0.6);
  // Columns of a row lie beside each other in memory: they are what is rotated.
  transpose(vectors, n);
  const { diagonal, beside } = form;
  rotate({ diagonal, beside, vectors, n }, (done) => onProgress(0.6 + 0.4 * done));
  transpose(vectors, n);
  const order = Int32Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0));
  return {
    values: Float64Array.from(order, (place) => diagonal[place] ?? 0),
    vector(k) {
      const from = (order[k] ?? 0) * n;
      return vectors.subarray(from, from + n);
    },
  };
}

/** Turns the tridiagonal form into a diagonal, and the columns of `vectors` with it. */
function rotate(
  { diagonal: d, beside: e, vectors, n }: {
    readonly diagonal: Float64Array;
    readonly beside: Float64Array;
    readonly vectors: Float64Array;
    readonly n: number;
  },
  onProgress: (done: number) => void,
): void {
  const rotations = new Rotations(vectors, n);
  for (let low = 0; low < n; low++) {
    if (low % 16 === 0) onProgress(1 - (1 - low / n) ** 2);
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
      rotations.sweep(high - 1);
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
        rotations.add(sine, cosine);
      }
      d[low] = (d[low] ?? 0) - shift;
      e[low] = g;
      e[high] = 0;
    }
  }
  rotations.carryOut();
}

function isSmall(beside: number, above: number, below: number): boolean {
  return Math.abs(beside) <= Number.EPSILON * (Math.abs(above) + Math.abs(below));
}
