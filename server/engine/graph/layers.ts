/** The table of Keras layers: how each class is read into operations. */
import type { Layer } from "../model/topology.ts";
import { ACTIVATION_LAYERS } from "./_activation_layers.ts";
import { type Context, draft, type FindWeight, type InputSize, type Reader } from "./_drafts.ts";
import { EINSUM_LAYERS } from "./_einsum_layers.ts";
import { readGetItem } from "./_get_item.ts";
import { OPERATION_LAYERS } from "./_operation_layers.ts";
import { affine, readBatchNorm, readFunction, readNormalization, readRescaling } from "./_scaling_layers.ts";
import { chain, step } from "./_steps.ts";
import { TOKEN_LAYERS } from "./_token_layers.ts";
import { readTransposed } from "./_transposed_layers.ts";
import { readConv, readDense, readDepthwise, readSeparable } from "./_weighted_layers.ts";
import { timeDistributed } from "./_wrapped_layers.ts";
import type { Draft, Pair } from "./graph.ts";
import { UnknownShape } from "./not_covered.ts";
import {
  CenterCropSettings,
  ConcatenateSettings,
  CroppingSettings,
  GlobalPoolingSettings,
  InputSettings,
  PoolingSettings,
  ReshapeSettings,
  ResizingSettings,
  ScaledSumSettings,
  settings,
  UpSamplingSettings,
  ZeroPaddingSettings,
} from "./settings.ts";

export type { FindWeight, InputSize };

const same: Reader = (layer) => [draft("identity", layer, {}, {})];

const READERS: ReadonlyMap<string, Reader> = new Map(Object.entries<Reader>({
  InputLayer: readInput,
  Conv2D: readConv,
  DepthwiseConv2D: readDepthwise,
  SeparableConv2D: readSeparable,
  Conv2DTranspose: readTransposed,
  Dense: readDense,
  BatchNormalization: readBatchNorm,
  Rescaling: readRescaling,
  Normalization: readNormalization,
  TFOpLambda: readFunction,
  SlicingOpLambda: readGetItem,
  ...ACTIVATION_LAYERS,
  ...TOKEN_LAYERS,
  ...OPERATION_LAYERS,
  ...EINSUM_LAYERS,
  Add: (layer) => [draft("add", layer, {}, {})],
  Subtract: (layer) => [draft("subtract", layer, {}, {})],
  Average(layer) {
    const share = 1 / layer.inputs.length;
    return chain(layer, [step("add", {}, {}), (inner) => affine(inner, [share], [0])]);
  },
  /** Inception-ResNet's sum of a shortcut and a branch that counts less. */
  CustomScaleLayer: readScaledSum,
  Multiply: (layer) => [draft("multiply", layer, {}, {})],
  Concatenate: (layer) => [draft("concat", layer, settings(layer, ConcatenateSettings), {})],
  ZeroPadding2D(layer) {
    const { padding: [rows, columns] } = settings(layer, ZeroPaddingSettings);
    return [draft("pad", layer, { rows, columns }, {})];
  },
  Cropping2D(layer) {
    const { cropping: [rows, columns] } = settings(layer, CroppingSettings);
    return [draft("pad", layer, { rows: negative(rows), columns: negative(columns) }, {})];
  },
  MaxPooling2D: (layer) => [draft("max-pool", layer, settings(layer, PoolingSettings), {})],
  AveragePooling2D: (layer) => [
    draft("average-pool", layer, { ...settings(layer, PoolingSettings), countPadding: false }, {}),
  ],
  GlobalAveragePooling2D: (layer) => globalPool("global-average-pool", layer),
  GlobalMaxPooling2D: (layer) => globalPool("global-max-pool", layer),
  UpSampling2D: (layer) => [draft("upsample", layer, settings(layer, UpSamplingSettings), {})],
  Resizing: readResizing,
  Flatten: (layer) => [draft("flatten", layer, {}, {})],
  Reshape: (layer) => [
    draft("reshape", layer, { shape: settings(layer, ReshapeSettings).target_shape }, {}),
  ],
  Dropout: same,
  SpatialDropout2D: same,
  AlphaDropout: same,
  GaussianDropout: same,
  GaussianNoise: same,
  ActivityRegularization: same,
  RandomFlip: same,
  RandomRotation: same,
  RandomTranslation: same,
  RandomZoom: same,
  RandomContrast: same,
  RandomBrightness: same,
  StochasticDepth: same,
  CenterCrop: readCenterCrop,
  TimeDistributed: timeDistributed(readLayer),
}));

/** A layer by itself: nothing is known of what it reads. */
const ALONE: Context = {
  inputSize: null,
  shape: () => {
    throw new UnknownShape("");
  },
};

/** Reads a layer, or fails with its class and name. */
export function readLayer(layer: Layer, find: FindWeight, context: Context = ALONE): readonly Draft[] {
  const reader = READERS.get(layer.className);
  if (reader !== undefined) return reader(layer, find, context);
  const advice = layer.className === "Lambda"
    ? ", whose code is never run; write it with layers (Rescaling, Activation, Add) or operations of keras.ops, " +
      "and copy the weights"
    : "";
  throw new Error(
    `Cannot load the model: Gradcast does not compute the class of layer ${layer.name}, ` +
      `only InputLayer, Conv2D and the others that docs/models.md lists, got ${layer.className}${advice}`,
  );
}

function readInput(layer: Layer, _find: FindWeight, { inputSize }: Context): readonly Draft[] {
  const { batch_input_shape, batch_shape } = settings(layer, InputSettings);
  const sides = batch_input_shape ?? batch_shape;
  if (sides === undefined) {
    throw new Error(
      `Cannot load the model: layer ${layer.name} must give its input's shape, got none`,
    );
  }
  const [, high, wide, channels] = sides;
  const [height, width] = [high ?? inputSize?.height, wide ?? inputSize?.width];
  if (height === undefined || width === undefined) {
    throw new Error(
      `Cannot load the model: its input takes any size, and the card must give "input" with width and height, ` +
        `got [${sides.map((side) => side ?? "any").join(", ")}]`,
    );
  }
  return [draft("input", layer, { shape: [height, width, channels] }, {})];
}

function readScaledSum(layer: Layer): readonly Draft[] {
  const { scale } = settings(layer, ScaledSumSettings);
  const [shortcut = "", branch = ""] = layer.inputs;
  const inner = `${layer.name}:scaled`;
  return [
    affine({ ...layer, name: inner, inputs: [branch] }, [scale], [0]),
    draft("add", { ...layer, inputs: [shortcut, inner] }, {}, {}),
  ];
}

/** Resizes, before that perhaps cut to the new shape, as much on both sides. */
function readResizing(layer: Layer, _find: FindWeight, context: Context): readonly Draft[] {
  const { attrs, crops } = settings(layer, ResizingSettings);
  if (!crops) return [draft("resize", layer, attrs, {})];
  const [high = 1, wide = 1] = context.shape(0);
  const [height, width] = attrs.size;
  const [keptHigh, keptWide] = [
    Math.min(high, Math.floor(wide * height / width)),
    Math.min(wide, Math.floor(high * width / height)),
  ];
  const cut = (side: number, kept: number): Pair => {
    const before = Math.floor((side - kept) / 2);
    return [-before, kept + before - side];
  };
  return chain(layer, [
    step("pad", { rows: cut(high, keptHigh), columns: cut(wide, keptWide) }, {}),
    step("resize", attrs, {}),
  ]);
}

/** Cuts the same off on both sides, where an odd number is left over one more below and on the right. */
function readCenterCrop(layer: Layer, _find: FindWeight, context: Context): readonly Draft[] {
  const { height, width } = settings(layer, CenterCropSettings);
  const [high = 0, wide = 0] = context.shape(0);
  if (high < height || wide < width) {
    throw new Error(
      `Cannot load the model: CenterCrop layer ${layer.name} must crop to at most ${high} × ${wide}, ` +
        `got ${height} × ${width}`,
    );
  }
  const cut = (spare: number): Pair => [Math.floor(spare / 2), spare - Math.floor(spare / 2)];
  return [
    draft("pad", layer, { rows: negative(cut(high - height)), columns: negative(cut(wide - width)) }, {}),
  ];
}

function globalPool(kind: "global-average-pool" | "global-max-pool", layer: Layer): readonly Draft[] {
  const { keepdims } = settings(layer, GlobalPoolingSettings);
  return [draft(kind, layer, { keepDims: keepdims }, {})];
}

function negative([before, after]: Pair): Pair {
  return [-before, -after];
}
