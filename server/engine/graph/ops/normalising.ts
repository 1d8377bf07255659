/** Normalisation by the value's own mean and deviation. */
import { agree, size } from "../shapes.ts";
import { type Blocks, normalise, normaliseVjp } from "../vjp/normalising.ts";
import type { Shape } from "../graph.ts";
import { type Operation, some } from "./operation.ts";

const layerNorm: Operation<"layer-norm"> = {
  shape({ weights }, [input = []]) {
    agree("its number of channels", weights.scale.shape[0], input.at(-1));
    return input;
  },
  forward: ({ kernels, attrs, weights, inputs }) =>
    normalise(kernels, some(inputs)[0], weights, layerBlocks(some(inputs)[0].shape, attrs)),
  reads: () => "inputs",
  vjp: ({ kernels, attrs, weights, gradient, inputs }) => {
    const [input] = some(inputs);
    return [normaliseVjp(kernels, gradient, input, weights.scale, layerBlocks(input.shape, attrs))];
  },
};

const groupNorm: Operation<"group-norm"> = {
  shape({ attrs: { groups }, weights }, [input = []]) {
    const channels = input.at(-1) ?? 0;
    agree("its number of channels", weights.scale.shape[0], channels);
    if (Number.isInteger(channels / groups)) return input;
    throw new RangeError(`its channels must be a multiple of ${groups} groups, got ${channels}`);
  },
  forward: ({ kernels, attrs, weights, inputs }) =>
    normalise(kernels, some(inputs)[0], weights, groupBlocks(some(inputs)[0].shape, attrs)),
  reads: () => "inputs",
  vjp: ({ kernels, attrs, weights, gradient, inputs }) => {
    const [input] = some(inputs);
    return [normaliseVjp(kernels, gradient, input, weights.scale, groupBlocks(input.shape, attrs))];
  },
};

/** Each position by itself; the shape has the batch in front. */
export function layerBlocks(shape: Shape, { epsilon }: { readonly epsilon: number }): Blocks {
  return { count: size(shape.slice(0, -1)), positions: 1, channels: shape.at(-1) ?? 1, groups: 1, epsilon };
}

/** Each input of the batch by itself, in groups of channels. */
export function groupBlocks(
  [batch = 1, ...sides]: Shape,
  { groups, epsilon }: { readonly groups: number; readonly epsilon: number },
): Blocks {
  return { count: batch, positions: size(sides.slice(0, -1)), channels: sides.at(-1) ?? 1, groups, epsilon };
}

/** The family's lines of the table of operations. */
export const NORMALISING = { "layer-norm": layerNorm, "group-norm": groupNorm } as const;
