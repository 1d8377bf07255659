/**
 * Rotations of neighbouring columns, collected and then carried out row by row: a row stays in the processor's cache meanwhile,
 * where each rotation by itself would read the whole matrix.
 */

/** Rotations that are collected before they are carried out, 1 MB of them. */
const COLLECTED = 2 ** 16;

/** The columns of a matrix, to be rotated in sweeps: each turns a column and the next, then that column and the one before. */
export class Rotations {
  readonly #matrix: Float64Array;
  readonly #n: number;
  readonly #sines: Float64Array;
  readonly #cosines: Float64Array;
  /** Where each sweep begins: the column of its first rotation, and that rotation's place. */
  #sweeps: { readonly column: number; readonly from: number }[] = [];
  #count = 0;

  /** @param matrix [n][n] */
  constructor(matrix: Float64Array, n: number) {
    this.#matrix = matrix;
    this.#n = n;
    this.#sines = new Float64Array(COLLECTED + n);
    this.#cosines = new Float64Array(COLLECTED + n);
  }

  /** Begins a sweep, whose first rotation turns a column and the next. */
  sweep(column: number): void {
    if (this.#count >= COLLECTED) this.carryOut();
    this.#sweeps.push({ column, from: this.#count });
  }

  /** The next rotation of the sweep. */
  add(sine: number, cosine: number): void {
    this.#sines[this.#count] = sine;
    this.#cosines[this.#count] = cosine;
    this.#count++;
  }

  /** Carries out what was collected. */
  carryOut(): void {
    const n = this.#n;
    const together = n - n % 4;
    for (let row = 0; row < together; row += 4) this.#turnFour(row * n);
    for (let row = together; row < n; row++) this.#turnOne(row * n);
    this.#sweeps = [];
    this.#count = 0;
  }

  /** Four rows side by side: in one, each rotation would wait for the one before. */
  #turnFour(at: number): void {
    const [matrix, n, sines, cosines] = [this.#matrix, this.#n, this.#sines, this.#cosines];
    for (let place = 0; place < this.#sweeps.length; place++) {
      const { column, from } = this.#sweeps[place] ?? { column: 0, from: 0 };
      const end = this.#sweeps[place + 1]?.from ?? this.#count;
      let [at0, at1, at2, at3] = [at + column, at + n + column, at + 2 * n + column, at + 3 * n + column];
      let [b0, b1] = [matrix[at0 + 1] ?? 0, matrix[at1 + 1] ?? 0];
      let [b2, b3] = [matrix[at2 + 1] ?? 0, matrix[at3 + 1] ?? 0];
      for (let r = from; r < end; r++) {
        const sine = sines[r] ?? 0;
        const cosine = cosines[r] ?? 0;
        const a0 = matrix[at0] ?? 0;
        const a1 = matrix[at1] ?? 0;
        const a2 = matrix[at2] ?? 0;
        const a3 = matrix[at3] ?? 0;
        matrix[at0 + 1] = sine * a0 + cosine * b0;
        matrix[at1 + 1] = sine * a1 + cosine * b1;
        matrix[at2 + 1] = sine * a2 + cosine * b2;
        matrix[at3 + 1] = sine * a3 + cosine * b3;
        b0 = cosine * a0 - sine * b0;
        b1 = cosine * a1 - sine * b1;
        b2 = cosine * a2 - sine * b2;
        b3 = cosine * a3 - sine * b3;
        at0--;
        at1--;
        at2--;
        at3--;
      }
      matrix[at0 + 1] = b0;
      matrix[at1 + 1] = b1;
      matrix[at2 + 1] = b2;
      matrix[at3 + 1] = b3;
    }
  }

  #turnOne(at: number): void {
    const matrix = this.#matrix;
    for (const [place, { column, from }] of this.#sweeps.entries()) {
      const end = this.#sweeps[place + 1]?.from ?? this.#count;
      let own = at + column;
      let b = matrix[own + 1] ?? 0;
      for (let r = from; r < end; r++, own--) {
        const [sine, cosine, a] = [this.#sines[r] ?? 0, this.#cosines[r] ?? 0, matrix[own] ?? 0];
        matrix[own + 1] = sine * a + cosine * b;
        b = cosine * a - sine * b;
      }
      matrix[own + 1] = b;
    }
  }
}

/** Swaps rows and columns of a square matrix, in place. */
export function transpose(matrix: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const [a, b] = [row * n + column, column * n + row];
      const kept = matrix[a] ?? 0;
      matrix[a] = matrix[b] ?? 0;
      matrix[b] = kept;
    }
  }
}
