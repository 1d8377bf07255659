/** Settings of Keras layers, as model.json writes them. */
import * as v from "valibot";
import { MAX_INPUT_SIDE, MAX_SETTING } from "../model/limits.ts";
import type { Layer } from "../model/topology.ts";
import type { Activation, Cubic, Pair } from "./graph.ts";

const Count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SETTING));
const Side = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SETTING));
const InputSide = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_INPUT_SIDE));
const Sides = v.strictTuple([Side, Side]);

/** One number for both axes or one for each. */
const PairSchema = v.union([
  v.pipe(Count, v.transform((side): Pair => [side, side])),
  v.strictTuple([Count, Count]),
]);

const channelsLast = { data_format: v.optional(v.literal("channels_last"), "channels_last") };
const padding = { padding: v.optional(v.picklist(["same", "valid"]), "valid") };

/** What a layer's `activation` is read into. */
export type WrittenActivation =
  | Activation
  | { readonly function: "linear" }
  | { readonly function: "softmax" };

/** Functions that a layer may name, as Keras means them; hard_sigmoid is that of Keras 2. */
export const FUNCTIONS = {
  linear: { function: "linear" },
  relu: { function: "relu" },
  relu6: { function: "relu6" },
  leaky_relu: { function: "rectifier", slope: 0.2, threshold: 0, max: Infinity },
  elu: { function: "elu" },
  sigmoid: { function: "sigmoid" },
  hard_sigmoid: { function: "hard-sigmoid" },
  /** What Keras 3 means by the same name; its reader writes this one. */
  hard_sigmoid_3: { function: "clip", scale: 1 / 6, shift: 0.5, min: 0, max: 1 },
  tanh: { function: "tanh" },
  swish: { function: "swish" },
  silu: { function: "swish" },
  hard_swish: { function: "hard-swish" },
  hard_silu: { function: "hard-swish" },
  gelu: { function: "gelu" },
  gelu_new: { function: "gelu-tanh" },
  selu: { function: "selu" },
  mish: { function: "mish" },
  softplus: { function: "softplus" },
  softsign: { function: "softsign" },
  exponential: { function: "exp" },
  hard_tanh: { function: "clip", scale: 1, shift: 0, min: -1, max: 1 },
  softmax: { function: "softmax" },
} as const satisfies Record<string, WrittenActivation>;

/** A function by its name, or as Keras writes one that was registered: an object with the name in it. */
const FunctionName = v.pipe(
  v.union([
    v.string(),
    v.pipe(v.object({ config: v.string() }), v.transform(({ config }) => config)),
    v.pipe(v.object({ class_name: v.string() }), v.transform(({ class_name }) => class_name)),
  ]),
  v.picklist(Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[]),
  v.transform((name): WrittenActivation => FUNCTIONS[name]),
);
const activation = {
  activation: v.pipe(
    v.optional(v.nullable(FunctionName), null),
    v.transform((written): WrittenActivation => written ?? FUNCTIONS.linear),
  ),
};
const bias = { use_bias: v.optional(v.boolean(), true) };

/** Pictures, of any number and perhaps of any size. */
const InputShape = v.strictTuple([v.nullable(Count), v.nullable(InputSide), v.nullable(InputSide), Count]);

export const InputSettings = v.object({
  batch_input_shape: v.optional(InputShape),
  batch_shape: v.optional(InputShape),
});

export const ConvolutionSettings = v.object({
  strides: v.optional(PairSchema, 1),
  dilation_rate: v.optional(PairSchema, 1),
  groups: v.optional(Count, 1),
  ...padding,
  ...channelsLast,
  ...bias,
  ...activation,
});

export const TransposedSettings = v.object({
  strides: v.optional(PairSchema, 1),
  dilation_rate: v.optional(PairSchema, 1),
  groups: v.optional(v.literal(1), 1),
  output_padding: v.optional(
    v.nullable(v.union([v.pipe(Side, v.transform((side): Pair => [side, side])), Sides])),
    null,
  ),
  ...padding,
  ...channelsLast,
  ...bias,
  ...activation,
});

export const DenseSettings = v.object({ ...bias, ...activation });

export const ActivationOnly = v.object(activation);

/** One axis, perhaps in a list of its own. */
const Axis = v.pipe(
  v.optional(v.union([v.number(), v.strictTuple([v.number()])]), -1),
  v.transform((axis) => typeof axis === "number" ? axis : axis[0]),
);

export const BatchNormalizationSettings = v.object({
  epsilon: v.optional(v.number(), 1e-3),
  center: v.optional(v.boolean(), true),
  scale: v.optional(v.boolean(), true),
  axis: Axis,
});

const orZero = v.pipe(v.optional(v.nullable(v.number()), null), v.transform((value) => value ?? 0));

export const ReLUSettings = v.pipe(
  v.object({
    max_value: v.optional(v.nullable(v.number()), null),
    negative_slope: orZero,
    threshold: orZero,
  }),
  v.transform(({ max_value, negative_slope: slope, threshold }): Activation => {
    const max = max_value ?? Infinity;
    if (slope === 0 && threshold === 0 && max === Infinity) return { function: "relu" };
    if (slope === 0 && threshold === 0 && max === 6) return { function: "relu6" };
    return { function: "rectifier", slope, threshold, max };
  }),
);

/** Keras 2 writes `alpha`, Keras 3 `negative_slope`. */
export const LeakyReLUSettings = v.pipe(
  v.object({ alpha: v.optional(v.number()), negative_slope: v.optional(v.number()) }),
  v.transform(({ alpha, negative_slope }): Activation => ({
    function: "rectifier",
    slope: negative_slope ?? alpha ?? 0.3,
    threshold: 0,
    max: Infinity,
  })),
);

export const ELUSettings = v.pipe(
  v.object({ alpha: v.optional(v.number(), 1) }),
  v.transform(({ alpha }): Activation =>
    alpha === 1 ? { function: "elu" } : { function: "exponential-linear", scale: 1, limit: alpha, rate: 1 }
  ),
);

export const ActivationSettings = v.object({ activation: FunctionName });

export const SoftmaxSettings = v.object({ axis: Axis });

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

export const ConcatenateSettings = v.object({ axis: v.optional(v.pipe(v.number(), v.integer()), -1) });

export const UpSamplingSettings = v.pipe(
  v.object({
    size: v.optional(PairSchema, 2),
    interpolation: v.optional(v.picklist(["nearest", "bilinear"]), "nearest"),
    ...channelsLast,
  }),
  v.transform(({ size: factors, interpolation }) => ({ factors, interpolation })),
);

/** Of TensorFlow and JAX; PyTorch's has another coefficient, and a file does not say which one it was trained with. */
const TENSORFLOW_CUBIC: Cubic = { coefficient: -0.5, insideOnly: true };

export const ResizingSettings = v.pipe(
  v.object({
    height: Count,
    width: Count,
    interpolation: v.optional(v.picklist(["nearest", "bilinear", "bicubic"]), "bilinear"),
    crop_to_aspect_ratio: v.optional(v.boolean(), false),
    pad_to_aspect_ratio: v.optional(v.literal(false), false),
    antialias: v.optional(v.literal(false), false),
    data_format: v.optional(v.nullable(v.literal("channels_last")), null),
  }),
  v.transform(({ height, width, interpolation, crop_to_aspect_ratio: crops }) => ({
    crops,
    attrs: {
      size: [height, width] as Pair,
      interpolation: interpolation === "bicubic" ? TENSORFLOW_CUBIC : interpolation,
      positions: "half-pixel" as const,
    },
  })),
);

export const CenterCropSettings = v.object({
  height: Count,
  width: Count,
  data_format: v.optional(v.nullable(v.literal("channels_last")), null),
});

export const ScaledSumSettings = v.object({ scale: v.number() });

export const ReshapeSettings = v.object({
  target_shape: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(2 ** 31))),
    v.maxLength(8),
  ),
});

/** One number for all channels or one for each. */
const Numbers = v.union([v.pipe(v.number(), v.transform((value) => [value])), v.array(v.number())]);

export const RescalingSettings = v.object({ scale: Numbers, offset: v.optional(Numbers, 0) });

export const NormalizationSettings = v.object({
  axis: v.pipe(
    v.optional(v.nullable(v.union([v.number(), v.array(v.number())])), -1),
    v.transform((axis) => axis === null ? [] : typeof axis === "number" ? [axis] : axis),
    v.check((axes) => axes.length < 2, "Invalid axis: Expected one axis or none"),
  ),
  mean: v.optional(v.nullable(Numbers), null),
  variance: v.optional(v.nullable(Numbers), null),
  invert: v.optional(v.literal(false), false),
});

/** Named arguments of those functions that have any. */
const FunctionArguments = v.object({
  axis: v.optional(v.union([v.array(v.number()), v.pipe(v.number(), v.transform((axis) => [axis]))]), []),
  keepdims: v.optional(v.boolean(), false),
  bias: v.optional(Numbers),
});

/** A TensorFlow function of x and y: `call` has the one that is no layer. */
export const FunctionSettings = v.object({
  function: v.string(),
  call: v.optional(
    v.object({ x: v.optional(Numbers), y: v.optional(Numbers), kwargs: v.optional(FunctionArguments, {}) }),
    { kwargs: {} },
  ),
});

/** One number for all sides, one for each axis, or [[top, bottom], [left, right]]. */
const AllSides = v.union([
  v.pipe(Side, v.transform((side): readonly [Pair, Pair] => [[side, side], [side, side]])),
  v.pipe(Sides, v.transform(([y, x]): readonly [Pair, Pair] => [[y, y], [x, x]])),
  v.strictTuple([Sides, Sides]),
]);

export const ZeroPaddingSettings = v.object({ padding: AllSides, ...channelsLast });

export const CroppingSettings = v.object({ cropping: AllSides, ...channelsLast });

/** Reads a layer's settings; the error names class, layer and setting. */
export function settings<S extends v.GenericSchema>(layer: Layer, schema: S): v.InferOutput<S> {
  const result = v.safeParse(schema, layer.config);
  if (result.success) return result.output;
  const [issue] = result.issues;
  if (layer.config["data_format"] === "channels_first") throw channelsFirst(layer);
  throw new Error(
    `Cannot load the model: ${
      v.getDotPath(issue) ?? "a setting"
    } of ${layer.className} layer ${layer.name} ` +
      `is not one that Gradcast computes: ${issue.message}`,
  );
}

/** Its kernels would fit, but not the order of what is flattened: that has to be put right where the model is built. */
function channelsFirst({ className, name }: Layer): Error {
  return new Error(
    `Cannot load the model: data_format of ${className} layer ${name} must be channels_last, got channels_first; ` +
      'in Python: keras.config.set_image_data_format("channels_last"), build the model again, ' +
      "new.set_weights(old.get_weights()), as docs/models.md says",
  );
}
