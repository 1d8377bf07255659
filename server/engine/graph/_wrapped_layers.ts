/** Layers that Keras applies to each of several steps in time, where that is no more than a reshape. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import { draft, type Reader } from "./_drafts.ts";
import type { Draft, Shape } from "./graph.ts";
import { settings } from "./settings.ts";

const WrappedSettings = v.object({
  layer: v.object({
    class_name: v.string(),
    config: v.looseObject({ name: v.pipe(v.string(), v.minLength(1)) }),
  }),
});

/** Layers that compute each position by itself, whatever stands in front of the last side. */
const EACH_POSITION: readonly string[] = [
  "Dense",
  "Activation",
  "ReLU",
  "LeakyReLU",
  "ELU",
  "Softmax",
  "LayerNormalization",
  "Rescaling",
  "Dropout",
];

/** Reads TimeDistributed by the reader of the layer inside. */
export function timeDistributed(read: Reader): Reader {
  return (layer, find, context) => {
    const { layer: { class_name: className, config } } = settings(layer, WrappedSettings);
    const inner: Layer = { ...layer, className, config: { ...config, name: layer.name } };
    const readInner = (at: Layer) =>
      read(at, find, context).map((draft) => ({ ...draft, className: layer.className }));
    if (EACH_POSITION.includes(className)) return readInner(inner);
    if (className === "Conv2D" && isOneCell(config)) {
      return belowEachOther(inner, context.shape(0), readInner);
    }
    throw new Error(
      `Cannot load the model: TimeDistributed layer ${layer.name} must hold a layer that computes each position by ` +
        `itself (Dense, an activation, a 1 × 1 convolution), got ${className}`,
    );
  };
}

function isOneCell(config: Readonly<Record<string, unknown>>): boolean {
  return [config["kernel_size"], config["strides"]].flat().every((side) => side === 1);
}

/** The steps below each other as one picture `[time · height, width, channels]`, and taken apart behind the layer. */
function belowEachOther(
  layer: Layer,
  [time = 1, height = 1, width = 1, channels = 1]: Shape,
  read: (layer: Layer) => readonly Draft[],
): readonly Draft[] {
  const [joined, computed] = [`${layer.name}:joined`, `${layer.name}:computed`];
  const inner = read({ ...layer, name: computed, inputs: [joined] });
  const conv = inner.find((one) => one.kind === "conv");
  const filters = conv?.kind === "conv" ? conv.weights.bias.values.length : 0;
  return [
    draft("reshape", { ...layer, name: joined }, { shape: [time * height, width, channels] }, {}),
    ...inner,
    draft("reshape", { ...layer, inputs: [computed] }, { shape: [time, height, width, filters] }, {}),
  ];
}
