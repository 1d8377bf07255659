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
  const units = singleUnits(kernels, gradient);
  if (units !== null) return columnsOf(kernels, kernel, units);
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

/** A unit of a dense layer with its gradient. */
interface Unit {
  readonly unit: number;
  readonly gradient: number;
}

/** For each row the only unit with a gradient, as the seed of a class's logit has it; null where a row has more. */
function singleUnits(kernels: Kernels, gradient: Value): readonly Unit[] | null {
  const [batch = 1, length = 1] = gradient.shape;
  const values = kernels.view(gradient);
  const found: Unit[] = [];
  for (let row = 0; row < batch; row++) {
    let only: Unit = { unit: 0, gradient: 0 };
    for (let unit = 0; unit < length; unit++) {
      const value = values[row * length + unit] as number;
      if (value === 0) continue;
      if (only.gradient !== 0) return null;
      only = { unit, gradient: value };
    }
    found.push(only);
  }
  return found;
}

/** Each row's column of W times its gradient, `[batch, features]`. */
function columnsOf(kernels: Kernels, kernel: Value, units: readonly Unit[]): Value {
  const [features = 1, length = 1] = kernel.shape;
  const result = kernels.allocate([units.length, features]);
  const [from, to] = [kernels.view(kernel), kernels.view(result)];
  for (const [row, { unit, gradient }] of units.entries()) {
    for (let feature = 0; feature < features; feature++) {
      to[row * features + feature] = gradient * (from[feature * length + unit] as number);
    }
  }
  return result;
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
