/** Einstein's sums of two values: products of matrices. */
import { type Einsum, type Letter, parseEinsum, sizesOf } from "../../graph/einsum.ts";
import { weightOf } from "./_builder.ts";
import { type Importer, input, type OnnxCall, refuse, word } from "./_call.ts";
import { type Constant, type Dynamic, isConstant, isDynamic, product, stored, type Value } from "./_value.ts";

const MAX_EQUATION = 64;

export const einsum: Importer = (call) => {
  const equation = word(call, "equation", "");
  if (equation.length > MAX_EQUATION) refuse(`must have an equation of at most ${MAX_EQUATION} characters`);
  if (call.inputs.length !== 2) refuse(`must multiply two values, got ${equation}`);
  const given = [input(call, 0), input(call, 1)] as const;
  const sum = parseEinsum(equation, [given[0].dims.length, given[1].dims.length]);
  const [one, other] = sum.left === 0 ? given : [given[1], given[0]];
  const sizes = sizesOf(sum.operands, [one.dims, other.dims]);
  const sized = {
    ...sum,
    sizesOf: (letters: readonly Letter[]) => letters.map((one) => sizes.get(one) ?? 1),
  };
  if (sum.stacks.every((letter) => sizes.get(letter) === 1)) {
    if (isDynamic(one) && isConstant(other)) return [withKernel(call, sized, 0, one, other)];
    if (isConstant(one) && isDynamic(other)) return [withKernel(call, sized, 1, other, one)];
  }
  return [ofTwo(call, sized, one, other)];
};

type Sized = Einsum & { sizesOf(letters: readonly Letter[]): readonly number[] };

/** A product with numbers that the file holds: a dense layer. */
function withKernel(call: OnnxCall, sum: Sized, side: 0 | 1, x: Dynamic, kernel: Constant): Value {
  const [kept, made] = side === 0 ? [sum.rows, sum.columns] : [sum.columns, sum.rows];
  const own = sum.operands[side === 0 ? 1 : 0];
  const places = sum.sizesOf(kept).map((_, at) => axesOf(sum.operands[side], [kept[at] ?? ""]));
  const [depth, units] = [product(sum.sizesOf(sum.inner)), product(sum.sizesOf(made))];
  const at = call.build.node(x, [...places, axesOf(sum.operands[side], sum.inner)]);
  const groups = [...sum.inner, ...made].map((letter) => axesOf(own, [letter]));
  const name = call.build.add("dense", [at], { activation: "linear" }, {
    kernel: weightOf(kernel, groups, [depth, units]),
    bias: { shape: [units], values: new Float32Array(units) },
  });
  return resultOf(sum, name, [...sum.sizesOf(kept), units], [...kept, ...made]);
}

function ofTwo(call: OnnxCall, sum: Sized, one: Value, other: Value): Value {
  const stacks = sum.stacks.filter((letter) => sum.sizesOf([letter])[0] !== 1);
  const side = (value: Value, letters: readonly Letter[], own: readonly Letter[]) =>
    call.build.operand(value, [
      ...stacks.map((letter) => axesOf(letters, [letter])),
      axesOf(letters, own),
      axesOf(letters, sum.inner),
    ]);
  const inputs = [side(one, sum.operands[0], sum.rows), side(other, sum.operands[1], sum.columns)];
  const name = call.build.add("matmul", inputs, { transposeA: false, transposeB: true }, {});
  const shape = [...sum.sizesOf(stacks), product(sum.sizesOf(sum.rows)), product(sum.sizesOf(sum.columns))];
  return resultOf(sum, name, shape, [...stacks, ...sum.rows, ...sum.columns]);
}

function axesOf(letters: readonly Letter[], wanted: readonly Letter[]): readonly number[] {
  return wanted.map((letter) => letters.indexOf(letter));
}

/** A node whose storage has the letters in this order. */
function resultOf(sum: Sized, name: string, shape: readonly number[], order: readonly Letter[]): Value {
  const source = { kind: "node", name, shape } as const;
  return stored(source, sum.sizesOf(sum.result), order.map((letter) => sum.result.indexOf(letter)));
}
