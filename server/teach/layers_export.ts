/** A TensorFlow.js Layers model with another dense layer at its end. Pure. */
import * as v from "valibot";
import type { LinearHead, PcaLinearHead } from "../../shared/head_model.ts";
import { composed } from "../heads/mod.ts";

const EntrySchema = v.looseObject({
  name: v.string(),
  shape: v.array(v.number()),
  dtype: v.string(),
  quantization: v.optional(v.looseObject({ dtype: v.string() })),
});
const LayerSchema = v.looseObject({
  class_name: v.string(),
  config: v.looseObject({ name: v.optional(v.string()), units: v.optional(v.number()) }),
});
const TopologySchema = v.looseObject({
  config: v.union([v.looseObject({ layers: v.array(LayerSchema) }), v.array(LayerSchema)]),
});
const ModelSchema = v.looseObject({
  modelTopology: v.looseObject({ model_config: v.optional(TopologySchema) }),
  weightsManifest: v.array(v.looseObject({ paths: v.array(v.string()), weights: v.array(EntrySchema) })),
});

/** Name of the only file of weights. */
export const WEIGHTS_FILE = "group1-shard1of1.bin";

const FLOAT_BYTES = 4;

/** A model's files with another head. */
export interface LayersExport {
  /** The text of model.json. */
  readonly model: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * Replaces the dense layer that yields the logits; null where the model has none that could be found.
 *
 * @param text of model.json
 * @param shard the bytes of a file of weights
 */
export async function withDenseLayer(
  text: string,
  shard: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
  head: LinearHead | PcaLinearHead,
): Promise<LayersExport | null> {
  const read = v.safeParse(ModelSchema, JSON.parse(text));
  if (!read.success) return null;
  const model = read.output;
  const entries = model.weightsManifest.flatMap(({ weights }) => weights);
  const kernel = entries.findLast(({ name, shape }) =>
    name.endsWith("/kernel") && shape.length === 2 && shape[0] === head.width
  );
  const layerName = kernel?.name.slice(0, -"/kernel".length).split("/").at(-1);
  const topology = v.safeParse(TopologySchema, model.modelTopology.model_config ?? model.modelTopology);
  if (kernel === undefined || !topology.success) return null;
  const { config } = topology.output;
  const layers = Array.isArray(config) ? config : config.layers;
  const layer = layers.findLast(({ class_name, config: { name } }) =>
    class_name === "Dense" && name === layerName
  );
  if (layer === undefined) return null;
  const classes = head.classes.length;
  Object.assign(layer.config, {
    units: classes,
    use_bias: true,
    // Behind it may come a softmax of its own.
    ...(layers.at(-1) === layer ? { activation: "softmax" } : {}),
  });
  const bias = kernel.name.replace(/kernel$/, "bias");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const weights: v.InferOutput<typeof EntrySchema>[] = [];
  for (const group of model.weightsManifest) {
    const bytes = joined(await Promise.all(group.paths.map(shard)));
    let at = 0;
    for (const entry of group.weights) {
      const length = lengthOf(entry);
      if (entry.name !== kernel.name && entry.name !== bias) {
        weights.push(entry);
        parts.push(bytes.subarray(at, at + length));
      }
      at += length;
    }
  }
  const dense = denseOf(head);
  weights.push(
    { name: kernel.name, shape: [head.width, classes], dtype: "float32" },
    { name: bias, shape: [classes], dtype: "float32" },
  );
  parts.push(dense.kernel, dense.bias);
  const written = {
    ...model,
    modelTopology: model.modelTopology.model_config === undefined
      ? { ...model.modelTopology, ...topology.output }
      : { ...model.modelTopology, model_config: topology.output },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights }],
  };
  return { model: JSON.stringify(written), weights: joined(parts) };
}

function denseOf(head: LinearHead | PcaLinearHead) {
  const { weights, bias } = composed(head) ?? { weights: [], bias: [] };
  const classes = head.classes.length;
  const kernel = new Float32Array(head.width * classes);
  for (const [c, row] of weights.entries()) {
    for (const [feature, weight] of row.entries()) kernel[feature * classes + c] = weight;
  }
  return { kernel: new Uint8Array(kernel.buffer), bias: new Uint8Array(Float32Array.from(bias).buffer) };
}

function lengthOf({ shape, dtype, quantization }: v.InferOutput<typeof EntrySchema>): number {
  const count = shape.reduce((product, side) => product * side, 1);
  const kind = quantization?.dtype ?? dtype;
  return count * (kind === "uint8" ? 1 : kind === "uint16" || kind === "float16" ? 2 : FLOAT_BYTES);
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
