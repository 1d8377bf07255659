/** Products of matrices. */
import type { Weight } from "../weights.ts";
import { numbersOf, weightOf } from "./_builder.ts";
import { broadcastDims, reshapedTo, suffixed } from "./_arrange.ts";
import { dynamic, float, type Importer, input, int, type OnnxCall, refuse } from "./_call.ts";
import { addValues, scaled } from "./_pointwise.ts";
import { type Constant, type Dynamic, isConstant, product, reshaped, stored, transposed } from "./_value.ts";

export const matMul: Importer = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  if (isConstant(b) && !isConstant(a) && isMatrix(b)) {
    return [multiplied(call, a as Dynamic, a.dims.length - 1, matrix(b))];
  }
  if (isConstant(a) && !isConstant(b) && isMatrix(a) && b.dims.length >= 2) {
    return [multiplied(call, b as Dynamic, b.dims.length - 2, transposed(matrix(a), [1, 0]))];
  }
  return [product2(call, dynamic(call, 0), dynamic(call, 1))];
};

function isMatrix({ dims }: Constant): boolean {
  return dims.length >= 2 && dims.slice(0, -2).every((side) => side === 1);
}

/** The last two sides of numbers, those before them being 1. */
function matrix(value: Constant): Constant {
  return { ...value, dims: value.dims.slice(-2), axes: value.axes.slice(-2) };
}

export const gemm: Importer = (call) => {
  const [a, b] = [dynamic(call, 0), input(call, 1)];
  const x = int(call, "transA", 0) === 1 ? transposed(a, [1, 0]) : a;
  const w = int(call, "transB", 0) === 1 ? transposed(b, [1, 0]) : b;
  const [alpha, beta] = [float(call, "alpha", 1), float(call, "beta", 1)];
  const c = call.inputs[2] ?? null;
  if (!isConstant(w)) {
    const sum = scaled(call, product2(call, x, w as Dynamic), alpha);
    return [c === null ? sum : addValues(call, sum, scaled(call, c, beta))];
  }
  const units = w.dims[1] as number;
  const isBias = c !== null && isConstant(c) && product(c.dims) === c.dims.at(-1) && c.dims.at(-1) === units;
  const bias = isBias ? new Float32Array(numbersOf(c, c.axes.flat())).map((value) => value * beta) : null;
  const result = multiplied(call, x, 1, w, { alpha, bias });
  return [c === null || isBias ? result : addValues(call, result, scaled(call, c, beta))];
};

interface Extra {
  readonly alpha?: number;
  readonly bias?: Float32Array | null;
}

/**
 * Replaces one side of a value by its product with known weights, `[in, out]`. Where the side is made of several that
 * lie in another order, as behind a picture that was flattened, the weights are moved at import.
 */
export function multiplied(
  call: OnnxCall,
  given: Dynamic,
  axis: number,
  weights: Constant,
  { alpha = 1, bias = null }: Extra = {},
): Dynamic {
  const [from, units] = weights.dims as [number, number];
  if (given.dims[axis] !== from) {
    refuse(`must have ${given.dims[axis]} rows of weights, got [${weights.dims}]`);
  }
  const { value, name, shape, sizes, order } = suffixed(call.build, given, [axis]);
  const single = product(shape) === from;
  const at = single ? call.build.reshape(name, shape, [from]) : name;
  const plain = kernelOf(weights, sizes, order);
  const kernel = alpha === 1 ? plain : { ...plain, values: plain.values.map((weight) => weight * alpha) };
  const node = call.build.add("dense", [at], { activation: "linear" }, {
    kernel,
    bias: { shape: [units], values: bias ?? new Float32Array(units) },
  });
  const rest = value.atoms.length - sizes.length;
  return {
    dims: value.dims.map((side, i) => i === axis ? units : side),
    source: { kind: "node", name: node, shape: single ? [units] : [...shape.slice(0, -1), units] },
    atoms: [...value.atoms.slice(0, rest), ...(units === 1 ? [] : [units])],
    axes: value.axes.map((atoms, i) => i !== axis ? atoms : units === 1 ? [] : [rest]),
  };
}

/** Weights `[in, out]`, the rows in the order in which the value stores them. */
function kernelOf(weights: Constant, sizes: readonly number[], order: readonly number[]): Weight {
  const [from, units] = weights.dims as [number, number];
  const cut = reshaped(weights, [...sizes, units]);
  if (cut === null) {
    throw new RangeError(`must have weights that split into [${sizes}], got [${weights.dims}]`);
  }
  const groups = [...order.map((at) => [at]), [sizes.length]];
  return weightOf(cut, groups, [from, units]);
}

/** Product of two computed values: `[…, m, k]` × `[…, k, n]`. */
export function product2(call: OnnxCall, left: Dynamic, right: Dynamic): Dynamic {
  const { build } = call;
  // A vector is a matrix of one row, or of one column.
  const a = left.dims.length > 1 ? left : reshapedTo(build, left, [1, ...left.dims]) as Dynamic;
  const b = right.dims.length > 1 ? right : reshapedTo(build, right, [...right.dims, 1]) as Dynamic;
  const batch = broadcastDims([a.dims.slice(0, -2), b.dims.slice(0, -2)]);
  const [m, k, n] = [a.dims.at(-2) as number, a.dims.at(-1) as number, b.dims.at(-1) as number];
  if (b.dims.at(-2) !== k) refuse(`must multiply matrices that fit, got [${a.dims}] and [${b.dims}]`);
  const wide = batch.map((_, i) => i).filter((i) => batch[i] !== 1);
  const groupsOf = (value: Dynamic, turned: boolean) => {
    const { length } = value.dims;
    const leading = wide.map((i) => {
      const axis = i - batch.length + length - 2;
      return axis < 0 ? [] : [axis];
    });
    return [...leading, ...(turned ? [[length - 1], [length - 2]] : [[length - 2], [length - 1]])];
  };
  // Turned over, the matrix may be where it lies already.
  const [transposeA, transposeB] = [isTurned(a), isTurned(b)];
  const inputs = [build.node(a, groupsOf(a, transposeA)), build.node(b, groupsOf(b, transposeB))];
  const name = build.add("matmul", inputs, { transposeA, transposeB }, {});
  const dims = [...batch, m, n];
  const order = [...wide, batch.length, batch.length + 1];
  const result = stored(
    { kind: "node", name, shape: order.map((axis) => dims[axis] as number) },
    dims,
    order,
  );
  if (left.dims.length > 1 && right.dims.length > 1) return result;
  const kept = dims.filter((_, axis) =>
    !(axis === dims.length - 2 && left.dims.length === 1 ||
      axis === dims.length - 1 && right.dims.length === 1)
  );
  return reshapedTo(build, result, kept) as Dynamic;
}

/** Whether a matrix's rows are neighbours in the storage already: then the columns come first. */
function isTurned({ axes, atoms }: Dynamic): boolean {
  const rows = axes.at(-2) ?? [];
  return rows.length === 1 && rows[0] === atoms.length - 1;
}
