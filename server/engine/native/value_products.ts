/** Products of matrices that are values, not constants: their panels are written anew for each product. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Memory, NativeConstants } from "./constants.ts";
import { HALF_PANEL, PANEL } from "./gemm_layout.ts";
import { type Native, packedLength } from "./native.ts";

/** A value in the shared memory. */
type Value = TensorInfo;

/** Stacks of matrices, and which of them are multiplied with each other. */
export interface ValueProducts {
  /** Matrices `[rows, inner]`, or `[inner, rows]` where `transposeA`. */
  readonly a: Value;
  /** Matrices `[inner, columns]`, or `[columns, inner]` where `transposeB`. */
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Matrices `[rows, columns]`. */
  readonly result: Value;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** By matrix of the result, which matrix of each stack it is made of. */
  readonly fromA: Int32Array;
  readonly fromB: Int32Array;
}

/** What the products are computed with. */
export interface ProductBench {
  readonly native: Native;
  readonly memory: Memory;
  readonly constants: NativeConstants;
}

const FLOAT_BYTES = 4;

/** Computes products; reports false, and does nothing, where no code was written for their size. */
export function multiplyValues({ native, memory, constants }: ProductBench, call: ValueProducts): boolean {
  const { a, b, result, rows, inner, columns, transposeA, transposeB, fromA, fromB } = call;
  if (!native.multiplies(rows, inner)) return false;
  const panels = memory.allocate([packedLength(inner, columns)]);
  const turned = transposeA ? memory.allocate([rows, inner]) : null;
  const bias = memory.address(constants.bias(null, columns));
  const [left, right, packed] = [a, b, panels].map((value) => memory.view(value)) as Views;
  const rowsOfA = turned === null ? null : memory.view(turned);
  let last = -1;
  for (const [at, which] of fromA.entries()) {
    const start = which * rows * inner;
    if (rowsOfA !== null) turn(left.subarray(start, start + rows * inner), rowsOfA, inner, rows);
    const other = fromB[at] as number;
    if (other !== last) {
      pack(right.subarray(other * inner * columns, (other + 1) * inner * columns), packed, {
        inner,
        columns,
        turned: transposeB,
      });
    }
    last = other;
    native.multiply({
      a: turned === null ? memory.address(a) + start * FLOAT_BYTES : memory.address(turned),
      aStride: inner * FLOAT_BYTES,
      b: memory.address(panels),
      bias,
      c: memory.address(result) + at * rows * columns * FLOAT_BYTES,
      cStride: columns * FLOAT_BYTES,
      rows,
      depth: inner,
      columns,
      low: -Infinity,
      high: Infinity,
    });
  }
  memory.free(panels);
  if (turned !== null) memory.free(turned);
  return true;
}

type Views = [Float32Array, Float32Array, Float32Array];

/** Lays a matrix `[inner, columns]`, or turned over, out in panels of columns as `packPanels` does. */
function pack(
  from: Float32Array,
  to: Float32Array,
  { inner, columns, turned }: { readonly inner: number; readonly columns: number; readonly turned: boolean },
): void {
  const [rowStep, columnStep] = turned ? [1, inner] : [columns, 1];
  let start = 0;
  for (let first = 0; first < columns; first += PANEL) {
    const width = columns - first <= HALF_PANEL ? HALF_PANEL : PANEL;
    const used = Math.min(width, columns - first);
    if (used < width) to.fill(0, start, start + inner * width);
    for (let column = 0; column < used; column++) {
      let source = (first + column) * columnStep;
      for (let row = 0, at = start + column; row < inner; row++, at += width) {
        to[at] = from[source] as number;
        source += rowStep;
      }
    }
    start += inner * width;
  }
}

/** A matrix `[rows, columns]` turned over. */
function turn(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, target = row; column < columns; column++, target += rows) {
      to[target] = from[at++] as number;
    }
  }
}
