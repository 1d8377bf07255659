/** Products of stacks of matrices. */
import type { Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";
import { stretchedStrides, walk } from "../strides.ts";

/** Which of two matrices are turned over their diagonals before they are multiplied. */
export interface Turned {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * The products of two stacks of matrices, `[…, m, k]` × `[…, k, n]`.
 *
 * @param a sides before the matrices as in `b`, or 1
 * @returns `[…, m, n]`, the caller's to free
 */
export function product(kernels: Kernels, a: Value, b: Value, turned: Turned): Value {
  const [rows, inner] = matrix(a.shape, turned.transposeA);
  const [, columns] = matrix(b.shape, turned.transposeB);
  const stacks = a.shape.slice(0, -2).map((side, at) => Math.max(side, b.shape[at] ?? 1));
  const result = kernels.allocate([...stacks, rows, columns]);
  const [fromA, fromB] = [a, b].map(({ shape }) => places(shape, stacks)) as [Int32Array, Int32Array];
  const matrices = { rows, inner, columns, ...turned };
  if (kernels.native?.products({ a, b, result, fromA, fromB, ...matrices })) return result;
  const [left, right, to] = [kernels.view(a), kernels.view(b), kernels.view(result)];
  for (let at = 0; at < fromA.length; at++) {
    const [startA, startB] = [(fromA[at] as number) * rows * inner, (fromB[at] as number) * inner * columns];
    multiply(
      left.subarray(startA, startA + rows * inner),
      right.subarray(startB, startB + inner * columns),
      to.subarray(at * rows * columns, (at + 1) * rows * columns),
      matrices,
    );
  }
  return result;
}

interface Matrices extends Turned {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function multiply(
  a: Float32Array,
  b: Float32Array,
  to: Float32Array,
  { rows, inner, columns, transposeA, transposeB }: Matrices,
): void {
  const [rowA, innerA] = transposeA ? [1, rows] : [inner, 1];
  const [innerB, columnB] = transposeB ? [1, inner] : [columns, 1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum += (a[row * rowA + i * innerA] as number) * (b[i * innerB + column * columnB] as number);
      }
      to[row * columns + column] = sum;
    }
  }
}

/** By matrix of the result, which matrix of a stack it is made of. */
function places(shape: Shape, stacks: Shape): Int32Array {
  const own = stretchedStrides(shape.slice(0, -2));
  const found = new Int32Array(stacks.reduce((product, side) => product * side, 1));
  walk(stacks, own, 0, (here, there, length, step) => {
    for (let i = 0; i < length; i++) found[here + i] = there + i * step;
  });
  return found;
}

function matrix(shape: Shape, transposed: boolean): readonly [number, number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}
