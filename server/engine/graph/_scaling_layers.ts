/** Readers of layers that multiply each channel with a factor and add a summand. */
import type { Layer } from "../model/topology.ts";
import { activation, draft, type FindWeight, vector, weight } from "./_drafts.ts";
import type { Draft } from "./graph.ts";
import {
  BatchNormalizationSettings,
  FunctionSettings,
  NormalizationSettings,
  RescalingSettings,
  settings,
} from "./settings.ts";

/** Least standard deviation that Keras's Normalization divides by. */
const LEAST_DEVIATION = 1e-7;

/** Works a batch norm's statistics into one factor and one summand per channel. */
export function readBatchNorm(layer: Layer, find: FindWeight): readonly Draft[] {
  const { epsilon, center, scale, axis } = settings(layer, BatchNormalizationSettings);
  const mean = weight(layer, find, "moving_mean", 1);
  const variance = weight(layer, find, "moving_variance", 1);
  const gamma = scale ? weight(layer, find, "gamma", 1) : null;
  const beta = center ? weight(layer, find, "beta", 1) : null;
  const factors = [...variance.values].map((value, c) =>
    (gamma?.values[c] ?? 1) / Math.sqrt(value + epsilon)
  );
  const shifts = factors.map((factor, c) => (beta?.values[c] ?? 0) - (mean.values[c] ?? 0) * factor);
  return [affine(layer, factors, shifts, axis)];
}

/** Reads x·scale + offset. */
export function readRescaling(layer: Layer): readonly Draft[] {
  const { scale, offset } = settings(layer, RescalingSettings);
  return [affine(layer, scale, offset)];
}

/** Reads (x − mean) / √variance, the statistics from the settings or from the weights. */
export function readNormalization(layer: Layer, find: FindWeight): readonly Draft[] {
  const { axis, ...written } = settings(layer, NormalizationSettings);
  const rank = axis.length;
  const mean = written.mean ?? [...weight(layer, find, "mean", rank).values];
  const variance = written.variance ?? [...weight(layer, find, "variance", rank).values];
  const factors = variance.map((value) => 1 / Math.max(Math.sqrt(value), LEAST_DEVIATION));
  return [affine(layer, factors, factors.map((factor, c) => -(mean[c] ?? mean[0] ?? 0) * factor), axis[0])];
}

/** Reads arithmetic that was written between layers: `x / 127.5 - 1`, `relu6(x + 3) * (1 / 6)`. */
export function readFunction(layer: Layer): readonly Draft[] {
  const { function: name, call: { x, y, kwargs } } = settings(layer, FunctionSettings);
  const constant = y ?? x;
  const two = layer.inputs.length === 2;
  switch (name.replace(/^tf\./u, "")) {
    case "__operators__.add":
    case "math.add":
      if (two) return [draft("add", layer, {}, {})];
      if (constant !== undefined) return [affine(layer, [1], constant)];
      break;
    case "math.subtract":
      if (y !== undefined) return [affine(layer, [1], y.map((value) => -value))];
      if (x !== undefined) return [affine(layer, [-1], x)];
      break;
    case "math.multiply":
      if (two) return [draft("multiply", layer, {}, {})];
      if (constant !== undefined) return [affine(layer, constant, [0])];
      break;
    case "math.truediv":
    case "math.divide":
      if (y !== undefined) return [affine(layer, y.map((value) => 1 / value), [0])];
      break;
    case "nn.relu":
      return [activation(layer, { function: "relu" })];
    case "nn.relu6":
      return [activation(layer, { function: "relu6" })];
    case "nn.silu":
    case "nn.swish":
      return [activation(layer, { function: "swish" })];
    case "math.sigmoid":
    case "nn.sigmoid":
      return [activation(layer, { function: "sigmoid" })];
    case "nn.softmax":
      return [activation(layer, { function: "softmax" })];
    case "nn.bias_add":
      if (kwargs.bias !== undefined) return [affine(layer, [1], kwargs.bias)];
      break;
    case "math.reduce_mean":
      if (spatial(kwargs.axis)) {
        return [draft("global-average-pool", layer, { keepDims: kwargs.keepdims }, {})];
      }
      break;
  }
  throw new Error(
    `Cannot load the model: Gradcast does not compute the function of ${layer.className} layer ${layer.name}, ` +
      `got ${name}`,
  );
}

/** Whether axes are rows and columns. */
function spatial(axes: readonly number[]): boolean {
  return [...axes].sort((a, b) => a - b).join() === "1,2";
}

/** Reads x·scale + shift, a number for all channels or one for each. */
export function affine(layer: Layer, scale: readonly number[], shift: readonly number[], axis = -1): Draft {
  const length = Math.max(scale.length, shift.length);
  const fill = (values: readonly number[]) =>
    vector(Array.from({ length }, (_, c) => values[values.length === 1 ? 0 : c] ?? 0));
  return draft("affine", layer, { axis }, { scale: fill(scale), shift: fill(shift) });
}
