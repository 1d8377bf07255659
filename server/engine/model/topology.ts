/** model.json of a TensorFlow.js Layers model: layers as they are written there, checked at the rim. */
import * as v from "valibot";
import { MODEL_FILE, parseJson } from "./card.ts";

const Shape = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));

const LayerSchema = v.object({
  class_name: v.string(),
  config: v.looseObject({ name: v.pipe(v.string(), v.minLength(1)) }),
  /** Functional models only: one entry for each call of the layer, each a list of [layer, node, output, …]. */
  inbound_nodes: v.optional(v.array(v.unknown()), []),
});

const CallSchema = v.array(
  v.looseTuple([v.string(), v.pipe(v.number(), v.integer()), v.pipe(v.number(), v.integer())]),
);

const ModelConfigSchema = v.variant("class_name", [
  v.object({ class_name: v.literal("Sequential"), config: sequentialConfig() }),
  v.object({
    class_name: v.picklist(["Functional", "Model"]),
    config: v.object({ layers: v.array(LayerSchema) }),
  }),
]);

const WeightSchema = v.object({ name: v.string(), shape: Shape, dtype: v.string() });

const ModelFileSchema = v.object({
  format: v.literal("layers-model"),
  modelTopology: v.looseObject({
    model_config: v.optional(ModelConfigSchema),
    class_name: v.optional(v.string()),
  }),
  weightsManifest: v.array(v.object({ paths: v.array(v.string()), weights: v.array(WeightSchema) })),
});

/** A layer of the model: Keras class, its settings, the names of the layers that feed it. */
export interface Layer {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
}

/** A group of weights: `paths` are shards of one stretch of bytes, `weights` follow each other in it. */
export type WeightGroup = v.InferOutput<typeof ModelFileSchema>["weightsManifest"][number];

/** model.json, read. */
export interface Topology {
  readonly layers: readonly Layer[];
  readonly manifest: readonly WeightGroup[];
}

/** Reads the text of a model.json, Functional or Sequential. */
export function parseTopology(text: string): Topology {
  const file = parseJson(MODEL_FILE, text, ModelFileSchema);
  // Keras writes the configuration into model_config; tfjs-layers' own `save` leaves the wrapper out.
  const model = file.modelTopology.model_config ??
    parseJson(MODEL_FILE, JSON.stringify(file.modelTopology), ModelConfigSchema);
  const layers = model.class_name === "Sequential"
    ? chain(model.config.map(({ class_name, config }) => ({ className: class_name, config })))
    : model.config.layers.map(functionalLayer);
  return { layers, manifest: file.weightsManifest };
}

/** Early Keras wrote a bare list of layers, later ones an object around it. */
function sequentialConfig() {
  const layers = v.array(LayerSchema);
  return v.union([layers, v.pipe(v.object({ layers }), v.transform((config) => config.layers))]);
}

type Written = {
  readonly className: string;
  readonly config: { readonly [key: string]: unknown; readonly name: string };
};

/** Gives every layer of a Sequential model the one before as its input, and the first an input layer. */
function chain(written: readonly Written[]): readonly Layer[] {
  const layers: Layer[] = [];
  for (const { className, config } of written) {
    const previous = layers.at(-1);
    if (previous === undefined && className !== "InputLayer") {
      layers.push({ name: `${config.name}_input`, className: "InputLayer", config, inputs: [] });
    }
    const input = layers.at(-1);
    layers.push({ name: config.name, className, config, inputs: input === undefined ? [] : [input.name] });
  }
  return layers;
}

function functionalLayer(layer: v.InferOutput<typeof LayerSchema>): Layer {
  const { name } = layer.config;
  if (layer.inbound_nodes.length > 1) {
    throw new Error(
      `Cannot load the model as layer ${name} is called more than once: current value is ${layer.inbound_nodes.length}`,
    );
  }
  const inputs = layer.inbound_nodes.flatMap((call) => {
    const parsed = v.safeParse(CallSchema, call);
    if (!parsed.success) {
      throw new Error(
        `Cannot load the model as the inputs of layer ${name} are not written in the form of Keras 2: ` +
          `current value is ${JSON.stringify(call)}`,
      );
    }
    return parsed.output.map(([input]) => input);
  });
  return { name, className: layer.class_name, config: layer.config, inputs };
}
