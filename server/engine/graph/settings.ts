/** Settings of Keras layers, as model.json writes them. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import type { Pair } from "./graph.ts";

const Count = v.pipe(v.number(), v.integer(), v.minValue(1));
const Side = v.pipe(v.number(), v.integer(), v.minValue(0));
const Sides = v.strictTuple([Side, Side]);

/** One number for both axes or one for each. */
const PairSchema = v.union([
  v.pipe(Count, v.transform((side): Pair => [side, side])),
  v.strictTuple([Count, Count]),
]);

const channelsLast = { data_format: v.optional(v.literal("channels_last"), "channels_last") };
const padding = { padding: v.optional(v.picklist(["same", "valid"]), "valid") };

/** Functions that a layer may name. */
const WrittenActivation = v.picklist(["linear", "relu", "relu6", "elu", "sigmoid", "tanh", "softmax"]);
export type WrittenActivation = v.InferOutput<typeof WrittenActivation>;
const activation = {
  activation: v.pipe(
    v.optional(v.nullable(WrittenActivation), "linear"),
    v.transform((name) => name ?? "linear"),
  ),
};
const bias = { use_bias: v.optional(v.boolean(), true) };

export const InputSettings = v.object({
  batch_input_shape: v.optional(v.strictTuple([v.null(), Count, Count, Count])),
  batch_shape: v.optional(v.strictTuple([v.null(), Count, Count, Count])),
});

export const ConvolutionSettings = v.object({
  strides: v.optional(PairSchema, 1),
  dilation_rate: v.optional(PairSchema, 1),
  groups: v.optional(v.literal(1), 1),
  ...padding,
  ...channelsLast,
  ...bias,
  ...activation,
});

export const DenseSettings = v.object({ ...bias, ...activation });

export const BatchNormalizationSettings = v.object({
  epsilon: v.optional(v.number(), 1e-3),
  center: v.optional(v.boolean(), true),
  scale: v.optional(v.boolean(), true),
  axis: v.pipe(
    v.optional(v.union([v.number(), v.strictTuple([v.number()])]), -1),
    v.transform((axis) => typeof axis === "number" ? axis : axis[0]),
  ),
});

export const ReLUSettings = v.object({
  max_value: v.optional(v.nullable(v.literal(6)), null),
  negative_slope: v.optional(v.nullable(v.literal(0)), 0),
  threshold: v.optional(v.nullable(v.literal(0)), 0),
});

export const ActivationSettings = v.object({ activation: WrittenActivation });

export const PoolingSettings = v.pipe(
  v.object({
    pool_size: v.optional(PairSchema, 2),
    strides: v.optional(v.nullable(PairSchema), null),
    ...padding,
    ...channelsLast,
  }),
  v.transform(({ pool_size: size, strides, padding }) => ({ size, strides: strides ?? size, padding })),
);

export const GlobalPoolingSettings = v.object({ keepdims: v.optional(v.boolean(), false), ...channelsLast });

/** One number for all sides, one for each axis, or [[top, bottom], [left, right]]. */
export const ZeroPaddingSettings = v.object({
  padding: v.union([
    v.pipe(Side, v.transform((side): readonly [Pair, Pair] => [[side, side], [side, side]])),
    v.pipe(Sides, v.transform(([y, x]): readonly [Pair, Pair] => [[y, y], [x, x]])),
    v.strictTuple([Sides, Sides]),
  ]),
  ...channelsLast,
});

/** Reads a layer's settings; the error names class, layer and setting. */
export function settings<S extends v.GenericSchema>(layer: Layer, schema: S): v.InferOutput<S> {
  const result = v.safeParse(schema, layer.config);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(
    `Cannot load the model as ${
      v.getDotPath(issue) ?? "a setting"
    } of ${layer.className} layer ${layer.name} ` +
      `is not one that Gradcast computes: ${issue.message}`,
  );
}
