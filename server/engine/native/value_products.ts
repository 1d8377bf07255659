/** Products of matrices that are values, not constants: their panels are written for each product. */
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
  let last = -1;
  for (const [at, which] of fromA.entries()) {
    const start = which * rows * inner * FLOAT_BYTES;
    if (turned !== null) turn(native, memory.address(a) + start, memory.address(turned), inner, rows);
    const other = fromB[at] as number;
    if (other !== last) {
      pack({ native, memory }, memory.address(b) + other * inner * columns * FLOAT_BYTES, panels, {
        inner,
        columns,
        turned: transposeB,
      });
    }
    last = other;
    native.multiply({
      a: turned === null ? memory.address(a) + start : memory.address(turned),
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

/** Lays the matrix at an address, `[inner, columns]` or turned over, out in panels of columns as `packPanels` does. */
function pack(
  { native, memory }: Pick<ProductBench, "native" | "memory">,
  from: number,
  panels: Value,
  { inner, columns, turned }: { readonly inner: number; readonly columns: number; readonly turned: boolean },
): void {
  const [rowStep, columnStep] = turned
    ? [FLOAT_BYTES, inner * FLOAT_BYTES]
    : [columns * FLOAT_BYTES, FLOAT_BYTES];
  const lines = { linesPerPanel: inner, panelStep: PANEL * columnStep, lineStep: rowStep, step: columnStep };
  const whole = Math.floor(columns / PANEL);
  const to = memory.address(panels);
  if (whole > 0) {
    const width = PANEL * FLOAT_BYTES;
    native.strided({ ...lines, from, to, lines: whole * inner, width, toStep: width });
  }
  const used = columns - whole * PANEL;
  if (used === 0) return;
  const width = used <= HALF_PANEL ? HALF_PANEL : PANEL;
  const start = whole * inner * PANEL;
  if (used < width) memory.view(panels).fill(0, start, start + inner * width);
  native.strided({
    ...lines,
    from: from + whole * lines.panelStep,
    to: to + start * FLOAT_BYTES,
    lines: inner,
    width: used * FLOAT_BYTES,
    toStep: width * FLOAT_BYTES,
  });
}

/** A matrix `[rows, columns]` turned over. */
function turn(native: Native, from: number, to: number, rows: number, columns: number): void {
  const width = rows * FLOAT_BYTES;
  native.strided({
    from,
    to,
    lines: columns,
    linesPerPanel: columns,
    panelStep: 0,
    lineStep: FLOAT_BYTES,
    width,
    step: columns * FLOAT_BYTES,
    toStep: width,
  });
}
