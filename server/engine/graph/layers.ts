/** The table of Keras layers: how each class is read into operations. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import type { Draft, Kind, Operations } from "./graph.ts";
import {
  ActivationSettings,
  BatchNormalizationSettings,
  ConvolutionSettings,
  DenseSettings,
  GlobalPoolingSettings,
  InputSettings,
  PoolingSettings,
  ReLUSettings,
  settings,
  type WrittenActivation,
  ZeroPaddingSettings,
} from "./settings.ts";

/** Gives one of a layer's weights by the last part of its name, or null. */
export type FindWeight = (name: string) => Weight | null;

/** Turns a layer into the operations that compute it; the last one has the layer's name. */
type Reader = (layer: Layer, find: FindWeight) => readonly Draft[];

const READERS: Readonly<Record<string, Reader>> = {
  InputLayer(layer) {
    const { batch_input_shape, batch_shape } = settings(layer, InputSettings);
    const sides = batch_input_shape ?? batch_shape;
    if (sides === undefined) {
      throw new Error(
        `Cannot load the model as layer ${layer.name} has to give its input's shape: current value is none`,
      );
    }
    const [, ...shape] = sides;
    return [draft("input", layer, { shape }, {})];
  },
  Conv2D: (layer, find) => convolution("conv", "kernel", 3, layer, find),
  DepthwiseConv2D: (layer, find) => convolution("depthwise", "depthwise_kernel", 2, layer, find),
  Dense(layer, find) {
    const { use_bias, activation } = settings(layer, DenseSettings);
    const kernel = weight(layer, find, "kernel", 2);
    const bias = use_bias ? weight(layer, find, "bias", 1) : zeros(kernel.shape[1] ?? 0);
    return activated(layer, activation, draft("dense", layer, { activation: "linear" }, { kernel, bias }));
  },
  BatchNormalization(layer, find) {
    const { epsilon, center, scale, axis } = settings(layer, BatchNormalizationSettings);
    const mean = weight(layer, find, "moving_mean", 1);
    const variance = weight(layer, find, "moving_variance", 1);
    const gamma = scale ? weight(layer, find, "gamma", 1) : null;
    const beta = center ? weight(layer, find, "beta", 1) : null;
    const factors = [...variance.values].map((value, c) =>
      (gamma?.values[c] ?? 1) / Math.sqrt(value + epsilon)
    );
    const shifts = factors.map((factor, c) => (beta?.values[c] ?? 0) - (mean.values[c] ?? 0) * factor);
    return [draft("affine", layer, { axis }, { scale: vector(factors), shift: vector(shifts) })];
  },
  ReLU(layer) {
    const { max_value } = settings(layer, ReLUSettings);
    return [draft("activation", layer, { function: max_value === null ? "relu" : "relu6" }, {})];
  },
  Activation: (layer) => [activation(layer, settings(layer, ActivationSettings).activation)],
  Softmax: (layer) => [draft("softmax", layer, {}, {})],
  Add: (layer) => [draft("add", layer, {}, {})],
  ZeroPadding2D(layer) {
    const { padding: [rows, columns] } = settings(layer, ZeroPaddingSettings);
    return [draft("pad", layer, { rows, columns }, {})];
  },
  MaxPooling2D: (layer) => [draft("max-pool", layer, settings(layer, PoolingSettings), {})],
  AveragePooling2D: (layer) => [draft("average-pool", layer, settings(layer, PoolingSettings), {})],
  GlobalAveragePooling2D(layer) {
    const { keepdims } = settings(layer, GlobalPoolingSettings);
    return [draft("global-average-pool", layer, { keepDims: keepdims }, {})];
  },
  Flatten: (layer) => [draft("flatten", layer, {}, {})],
  Dropout: (layer) => [draft("identity", layer, {}, {})],
};

/** Reads a layer, or fails with its class and name. */
export function readLayer(layer: Layer, find: FindWeight): readonly Draft[] {
  const reader = Object.hasOwn(READERS, layer.className) ? READERS[layer.className] : undefined;
  if (reader !== undefined) return reader(layer, find);
  throw new Error(
    `Cannot load the model as Gradcast does not compute the class of layer ${layer.name}, ` +
      `only ${Object.keys(READERS).join(", ")}: current value is ${layer.className}`,
  );
}

function convolution(
  kind: "conv" | "depthwise",
  kernelName: string,
  /** First axis of the kernel whose sides, multiplied, are the output's channels. */
  outputAxis: number,
  layer: Layer,
  find: FindWeight,
): readonly Draft[] {
  const { strides, dilation_rate: dilations, padding, use_bias, activation } = settings(
    layer,
    ConvolutionSettings,
  );
  const kernel = weight(layer, find, kernelName, 4);
  const channels = kernel.shape.slice(outputAxis).reduce((product, side) => product * side, 1);
  const bias = use_bias ? weight(layer, find, "bias", 1) : zeros(channels);
  const attrs = { strides, dilations, padding, activation: "linear" } as const;
  return activated(layer, activation, draft(kind, layer, attrs, { kernel, bias }));
}

/** Puts a layer's own activation behind it as a step of its own; a later pass fuses it where it can. */
function activated(layer: Layer, name: WrittenActivation, linear: Draft): readonly Draft[] {
  if (name === "linear") return [linear];
  const inner = `${layer.name}:linear`;
  return [{ ...linear, name: inner }, { ...activation(layer, name), inputs: [inner] }];
}

function activation(layer: Layer, name: WrittenActivation): Draft {
  if (name === "linear") return draft("identity", layer, {}, {});
  if (name === "softmax") return draft("softmax", layer, {}, {});
  return draft("activation", layer, { function: name }, {});
}

function draft<K extends Kind>(
  kind: K,
  { name, className, inputs }: Layer,
  attrs: Operations[K]["attrs"],
  weights: Operations[K]["weights"],
): Draft<K> {
  return { kind, name, className, inputs, attrs, weights };
}

function weight(layer: Layer, find: FindWeight, name: string, rank: number): Weight {
  const found = find(name);
  if (found === null) {
    throw new Error(
      `Cannot load the model as the weights lack ${name} of ${layer.className} layer ${layer.name}`,
    );
  }
  if (found.shape.length === rank) return found;
  throw new Error(
    `Cannot load the model as ${name} of ${layer.className} layer ${layer.name} has to have ${rank} sides: ` +
      `current value is [${found.shape}]`,
  );
}

function vector(values: readonly number[]): Weight {
  return { shape: [values.length], values: new Float32Array(values) };
}

function zeros(length: number): Weight {
  return { shape: [length], values: new Float32Array(length) };
}
