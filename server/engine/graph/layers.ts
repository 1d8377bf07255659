/** The table of Keras layers: how each class is read into operations. */
import type { Layer } from "../model/topology.ts";
import { ACTIVATION_LAYERS } from "./_activation_layers.ts";
import { draft, type FindWeight, type InputSize, type Reader } from "./_drafts.ts";
import { readBatchNorm, readFunction, readNormalization, readRescaling } from "./_scaling_layers.ts";
import { readConv, readDense, readDepthwise, readSeparable } from "./_weighted_layers.ts";
import type { Draft, Pair } from "./graph.ts";
import {
  ConcatenateSettings,
  CroppingSettings,
  GlobalPoolingSettings,
  InputSettings,
  PoolingSettings,
  ReshapeSettings,
  ResizingSettings,
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
  Dense: readDense,
  BatchNormalization: readBatchNorm,
  Rescaling: readRescaling,
  Normalization: readNormalization,
  TFOpLambda: readFunction,
  ...ACTIVATION_LAYERS,
  Add: (layer) => [draft("add", layer, {}, {})],
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
  Resizing: (layer) => [draft("resize", layer, settings(layer, ResizingSettings), {})],
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
}));

/**
 * Reads a layer, or fails with its class and name.
 *
 * @param inputSize size of an input that may have any
 */
export function readLayer(layer: Layer, find: FindWeight, inputSize?: InputSize): readonly Draft[] {
  const reader = READERS.get(layer.className);
  if (reader !== undefined) return reader(layer, find, inputSize);
  throw new Error(
    `Cannot load the model: Gradcast does not compute the class of layer ${layer.name}, ` +
      `only ${[...READERS.keys()].join(", ")}, got ${layer.className}`,
  );
}

function readInput(layer: Layer, _find: FindWeight, inputSize: InputSize | undefined): readonly Draft[] {
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

function globalPool(kind: "global-average-pool" | "global-max-pool", layer: Layer): readonly Draft[] {
  const { keepdims } = settings(layer, GlobalPoolingSettings);
  return [draft(kind, layer, { keepDims: keepdims }, {})];
}

function negative([before, after]: Pair): Pair {
  return [-before, -after];
}
