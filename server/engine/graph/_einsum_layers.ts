/** Readers of Keras's Einstein sums: EinsumDense, and ops.einsum of two values. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import { activated, type Readers, vector, weight } from "./_drafts.ts";
import { chain, reshaped, type Step, step } from "./_steps.ts";
import { type Einsum, type Letter, parseEinsum, sizesOf } from "./einsum.ts";
import type { Draft, Shape } from "./graph.ts";
import { ActivationOnly, settings } from "./settings.ts";
import { size } from "./shapes.ts";

const Equation = v.pipe(v.string(), v.maxLength(64));
const EinsumSettings = v.object({ subscripts: Equation });
const EinsumDenseSettings = v.object({
  equation: Equation,
  bias_axes: v.optional(v.nullable(v.string()), null),
  lora_rank: v.optional(v.nullable(v.never()), null),
  ...ActivationOnly.entries,
});

/** By Keras class. */
export const EINSUM_LAYERS = {
  "ops.Einsum"(layer, _find, context) {
    const { subscripts } = settings(layer, EinsumSettings);
    if (layer.inputs.length !== 2) throw unlike(layer, "must multiply two values", subscripts);
    const shapes = [[1, ...context.shape(0)], [1, ...context.shape(1)]] as const;
    return refusing(layer, () => {
      const sum = parseEinsum(subscripts, [shapes[0].length, shapes[1].length]);
      return productOf(layer, sum, shapes);
    });
  },
  EinsumDense(layer, find, context) {
    const { equation, bias_axes, activation } = settings(layer, EinsumDenseSettings);
    return refusing(layer, () => {
      const kernelRank = equation.split("->")[0]?.split(",")[1]?.trim().length ?? 0;
      const kernel = weight(layer, find, "kernel", kernelRank);
      const bias = bias_axes === null ? null : weight(layer, find, "bias", [...bias_axes].length);
      const shape = [1, ...context.shape(0)];
      const sum = parseEinsum(equation, [shape.length, kernelRank]);
      const drafts = chain(layer, denseSteps(layer, sum, { shape, kernel, bias }));
      return [
        ...drafts.slice(0, -1),
        ...drafts.slice(-1).flatMap((last) => activated(layer, activation, last)),
      ];
    });
  },
} satisfies Readers;

/** The reasons of an equation become those of the layer. */
function refusing(layer: Layer, read: () => readonly Draft[]): readonly Draft[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw unlike(layer, error.message, null);
    throw error;
  }
}

function unlike(layer: Layer, reason: string, equation: string | null): Error {
  const got = equation === null ? "" : `, got ${equation}`;
  return new Error(
    `Cannot load the model: the equation of ${layer.className} layer ${layer.name} ${reason}${got}`,
  );
}

/** A product with a kernel: the inner sides last, a dense layer, the columns in the result's order. */
function denseSteps(
  layer: Layer,
  { left, stacks, rows, inner, columns, operands, result }: Einsum,
  { shape, kernel, bias }: { readonly shape: Shape; readonly kernel: Weight; readonly bias: Weight | null },
): readonly Step[] {
  const input = operands[left];
  const own = operands[left === 0 ? 1 : 0];
  const batch = input[0] ?? "";
  const [kept, made] = left === 0 ? [rows, columns] : [columns, rows];
  if (stacks.length > 0 || result[0] !== batch || own.includes(batch)) {
    throw new RangeError("must keep the batch in front and multiply each position with the whole kernel");
  }
  const sizes = sizesOf([input, own], [shape, kernel.shape]);
  const sizesOfAll = (letters: readonly Letter[]) => letters.map((letter) => sizes.get(letter) ?? 1);
  const units = size(sizesOfAll(made));
  const places = kept.filter((letter) => letter !== batch);
  return [
    ...ordered(input.slice(1), [...places, ...inner]),
    reshaped([...sizesOfAll(places), size(sizesOfAll(inner))]),
    step("dense", { activation: "linear" }, {
      kernel: { shape: [size(sizesOfAll(inner)), units], values: arranged(kernel, own, [...inner, ...made]) },
      bias: vector(biasOf(layer, bias, made, sizesOfAll(made))),
    }),
    reshaped(sizesOfAll([...places, ...made])),
    ...ordered([...places, ...made], result.slice(1)),
  ];
}

/** The bias of each unit: Keras writes its sides with 1 where all share one. */
function biasOf(
  layer: Layer,
  bias: Weight | null,
  made: readonly Letter[],
  sizes: readonly number[],
): Float32Array {
  const units = size(sizes);
  if (bias === null) return new Float32Array(units);
  // The last sides belong together; those in front have to be 1.
  const sides = bias.shape.slice(-made.length);
  const fits = bias.shape.slice(0, -made.length).every((side) => side === 1) &&
    sides.every((side, at) => side === 1 || side === sizes[at + sizes.length - sides.length]);
  if (!fits) throw unlike(layer, `must have a bias for its units alone, [${sizes}]`, `[${bias.shape}]`);
  return Float32Array.from({ length: units }, (_, unit) => {
    let [rest, at, step] = [unit, 0, 1];
    for (let side = sizes.length - 1; side >= 0; side--) {
      const length = sizes[side] ?? 1;
      const own = sides.at(side - sizes.length) ?? 1;
      at += (own === 1 ? 0 : rest % length) * step;
      step *= own;
      rest = Math.floor(rest / length);
    }
    return bias.values[at] ?? 0;
  });
}

/** Numbers with their sides in another order. */
function arranged({ shape, values }: Weight, from: readonly Letter[], to: readonly Letter[]): Float32Array {
  const strides = from.map((_, side) => size(shape.slice(side + 1)));
  const sizes = to.map((letter) => shape[from.indexOf(letter)] ?? 1);
  const steps = to.map((letter) => strides[from.indexOf(letter)] ?? 0);
  return Float32Array.from({ length: values.length }, (_, place) => {
    let [rest, at] = [place, 0];
    for (let side = to.length - 1; side >= 0; side--) {
      at += (rest % (sizes[side] ?? 1)) * (steps[side] ?? 0);
      rest = Math.floor(rest / (sizes[side] ?? 1));
    }
    return values[at] ?? 0;
  });
}

/** A product of two computed values, each with its batch in front. */
function productOf(
  layer: Layer,
  { left, stacks, rows, inner, columns, operands, result }: Einsum,
  given: readonly [Shape, Shape],
): readonly Draft[] {
  const shapes = left === 0 ? given : [given[1], given[0]];
  const sizes = sizesOf(operands, shapes);
  const sizesOfAll = (letters: readonly Letter[]) => letters.map((letter) => sizes.get(letter) ?? 1);
  const [batch] = result;
  if (batch === undefined || stacks[0] !== batch || operands.some(([first]) => first !== batch)) {
    throw new RangeError("must keep the batch of both values in front");
  }
  const matrices = stacks.slice(1);
  const side = (number: 0 | 1, own: readonly Letter[]) => {
    const letters = operands[number].slice(1);
    const turned = own === columns;
    const wanted = [...matrices, ...own, ...inner];
    const name = `${layer.name}:${turned ? "right" : "left"}`;
    const input = layer.inputs[left === number ? 0 : 1] ?? "";
    const sides = [...sizesOfAll(matrices), size(sizesOfAll(own)), size(sizesOfAll(inner))];
    return chain({ ...layer, name, inputs: [input] }, [...ordered(letters, wanted), reshaped(sides)]);
  };
  return [
    ...side(0, rows),
    ...side(1, columns),
    ...chain({ ...layer, inputs: [`${layer.name}:left`, `${layer.name}:right`] }, [
      step("matmul", { transposeA: false, transposeB: true }, {}),
      reshaped(sizesOfAll([...matrices, ...rows, ...columns])),
      ...ordered([...matrices, ...rows, ...columns], result.slice(1)),
    ]),
  ];
}

/** The step that gives sides another order; none where they lie so already. */
function ordered(from: readonly Letter[], to: readonly Letter[]): readonly Step[] {
  if (from.join() === to.join()) return [];
  return [step("transpose", { order: to.map((letter) => from.indexOf(letter)) }, {})];
}
