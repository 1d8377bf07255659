/** The gradient at the input of a dense layer. */
import type { Kernels, Value } from "../kernels.ts";

/**
 * The gradient at the input of a dense layer: W·gᵀ, so that W need not be kept a second time as its transpose.
 *
 * @param gradient `[batch, units]`; stays the caller's
 * @param kernel W, `[features, units]`
 * @returns `[batch, features]`, the caller's to free
 */
export function denseVjp(kernels: Kernels, gradient: Value, kernel: Value): Value {
  const [batch = 1] = gradient.shape;
  const [features = 1] = kernel.shape;
  const columns = transpose(kernels, gradient);
  // The kernel multiplies stacks of matrices: here one of each.
  const a = { ...kernel, shape: [1, ...kernel.shape] };
  const b = { ...columns, shape: [1, ...columns.shape] };
  const product = kernels.run("BatchMatMul", { a, b }, { transposeA: false, transposeB: false });
  kernels.free(columns);
  const rows = transpose(kernels, { ...product, shape: [features, batch] });
  kernels.free(product);
  return rows;
}

/** A small matrix turned over its diagonal. */
function transpose(kernels: Kernels, value: Value): Value {
  const [rows = 1, columns = 1] = value.shape;
  if (rows === 1 || columns === 1) return kernels.reshape(value, [columns, rows]);
  const transposed = kernels.allocate([columns, rows]);
  const [from, to] = [kernels.view(value), kernels.view(transposed)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      to[column * rows + row] = from[row * columns + column] as number;
    }
  }
  return transposed;
}
