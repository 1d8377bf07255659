/** What a small network is made of. */
import type { LoadedModel } from "../port.ts";
import { drawDense } from "../worker/network/random_head.ts";
import { attentionInfo } from "./_attention.ts";
import type { Head, SpatialLayer } from "./_layers.ts";

/** Layers and head with weights, and pictures for them. */
export interface Parts {
  readonly model: Pick<LoadedModel, "id" | "name" | "width" | "height" | "labels" | "normalisation">;
  /** In the order in which they feed each other; the last one feeds the head, by the mean of its cells. */
  readonly layers: readonly SpatialLayer[];
  readonly head: Head;
  /** A frame's input, `[height, width, 3]`, decided by the seed. */
  picture(seed: number): Float32Array;
  /** Numbers of a picture lie between −this and this. */
  readonly range: number;
}

/** Describes the network; `otherHead`: as one whose head does not pool and weight. */
export function modelOf(parts: Parts, otherHead: boolean): LoadedModel {
  const { model, layers } = parts;
  const last = lastOf(parts);
  const classes = model.labels.length;
  const spatial = layers.map(({ name, kind, side, channels }, place) => ({
    name,
    kind,
    shape: [side, side, channels],
    inputs: [layers[place - 1]?.name ?? "input"],
  }));
  return {
    ...model,
    defaultLayer: last.name,
    classes,
    knows: `${classes} classes`,
    tries: [],
    layers: [
      { name: "input", kind: "InputLayer", shape: [model.height, model.width, 3], inputs: [] },
      ...spatial,
      { name: "pool", kind: "GlobalAveragePooling2D", shape: [last.channels], inputs: [last.name] },
      { name: "logits", kind: "Dense", shape: [classes], inputs: ["pool"] },
    ],
    projectionLayer: otherHead ? null : last.name,
    features: { count: last.channels, layer: otherHead ? null : last.name },
    attention: attentionInfo(layers),
    about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
  };
}

/**
 * The layer that feeds the head.
 *
 * @throws RangeError where there is none
 */
export function lastOf({ layers }: Parts): SpatialLayer {
  const last = layers.at(-1);
  if (last !== undefined) return last;
  throw new RangeError("Cannot make the network: expected a spatial layer, got none");
}

/** A dense layer, or what a seed draws in its place. */
export function headOf(head: Head, seed: number | undefined): Head {
  if (seed === undefined) return head;
  const classes = head.bias.length;
  const { kernel, bias } = drawDense({
    kernel: { shape: [head.kernel.length / classes, classes], values: Float32Array.from(head.kernel) },
    bias: { shape: [classes], values: Float32Array.from(head.bias) },
  }, seed);
  return { kernel: Float64Array.from(kernel.values), bias: Float64Array.from(bias.values) };
}
