/** Readers of layers that multiply with a kernel. */
import type { Layer } from "../model/topology.ts";
import { activated, biasOf, draft, type FindWeight, vector, weight } from "./_drafts.ts";
import type { Draft } from "./graph.ts";
import { ConvolutionSettings, DenseSettings, settings } from "./settings.ts";

/** Reads a convolution over all channels. */
export function readConv(layer: Layer, find: FindWeight): readonly Draft[] {
  const { use_bias, activation, groups, attrs } = convolution(layer);
  const kernel = weight(layer, find, "kernel", 4);
  const bias = biasOf(layer, find, use_bias, kernel.shape[3] ?? 0);
  return activated(
    layer,
    activation,
    draft("conv", layer, { ...attrs, groups, activation: "linear" }, { kernel, bias }),
  );
}

/** Reads a convolution of each channel by itself; Keras 3 calls its kernel like any other. */
export function readDepthwise(layer: Layer, find: FindWeight): readonly Draft[] {
  const { use_bias, activation, attrs } = convolution(layer);
  const kernel = weight(layer, find, ["depthwise_kernel", "kernel"], 4);
  const bias = biasOf(layer, find, use_bias, (kernel.shape[2] ?? 0) * (kernel.shape[3] ?? 0));
  return activated(
    layer,
    activation,
    draft("depthwise", layer, { ...attrs, activation: "linear" }, { kernel, bias }),
  );
}

/** Reads a depthwise convolution that a 1×1 convolution follows. */
export function readSeparable(layer: Layer, find: FindWeight): readonly Draft[] {
  const { use_bias, activation, attrs } = convolution(layer);
  const depthwise = weight(layer, find, "depthwise_kernel", 4);
  const pointwise = weight(layer, find, "pointwise_kernel", 4);
  const between = vector(new Float32Array(pointwise.shape[2] ?? 0));
  const bias = biasOf(layer, find, use_bias, pointwise.shape[3] ?? 0);
  const inner = { ...layer, name: `${layer.name}:depthwise` };
  const plain = {
    strides: [1, 1],
    dilations: [1, 1],
    padding: "valid",
    groups: 1,
    activation: "linear",
  } as const;
  return [
    draft("depthwise", inner, { ...attrs, activation: "linear" }, { kernel: depthwise, bias: between }),
    ...activated(layer, activation, {
      ...draft("conv", layer, plain, { kernel: pointwise, bias }),
      inputs: [inner.name],
    }),
  ];
}

/** Reads a matrix product. */
export function readDense(layer: Layer, find: FindWeight): readonly Draft[] {
  const { use_bias, activation } = settings(layer, DenseSettings);
  const kernel = weight(layer, find, "kernel", 2);
  const bias = biasOf(layer, find, use_bias, kernel.shape[1] ?? 0);
  return activated(layer, activation, draft("dense", layer, { activation: "linear" }, { kernel, bias }));
}

function convolution(layer: Layer) {
  const { strides, dilation_rate: dilations, padding, groups, use_bias, activation } = settings(
    layer,
    ConvolutionSettings,
  );
  return { attrs: { strides, dilations, padding }, groups, use_bias, activation };
}
