/** model.json of a TensorFlow.js Layers model: layers as they are written there, checked when they are read. */
import * as v from "valibot";
import { flatten } from "./_flatten.ts";
import { ModelConfigSchema, readModelConfig } from "./_model_config.ts";
import { MODEL_FILE, parseJson } from "./json.ts";

/** Sides of a weight, and the length of each, at most: their product is a number that can be computed with. */
const MAX_SIDES = 8;
const MAX_SIDE = 2 ** 31;

const Shape = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SIDE))),
  v.maxLength(MAX_SIDES),
);

/** A file beside the model: no path leads out of the folder. */
const FileName = v.pipe(v.string(), v.regex(/^[\w][\w.-]*$/u));

const WeightSchema = v.object({
  name: v.string(),
  shape: Shape,
  dtype: v.string(),
  /** How the converter wrote the numbers where it was asked to make the file smaller. */
  quantization: v.optional(
    v.variant("dtype", [
      v.object({ dtype: v.picklist(["uint8", "uint16"]), scale: v.number(), min: v.number() }),
      v.object({ dtype: v.literal("float16") }),
    ]),
  ),
});

const ModelFileSchema = v.object({
  format: v.optional(v.literal("layers-model"), "layers-model"),
  modelTopology: v.looseObject({
    model_config: v.optional(ModelConfigSchema),
    class_name: v.optional(v.string()),
  }),
  weightsManifest: v.array(v.object({ paths: v.array(FileName), weights: v.array(WeightSchema) })),
});

/** A layer of the model: Keras class, its settings, the names of the layers that feed it. */
export interface Layer {
  /**
   * The layer's own name where no other layer of the whole model has it; otherwise with those of the models around
   * it, `outer/inner`.
   */
  readonly name: string;
  readonly className: string;
  /** Settings, the layer's own `name` among them; `call` holds arguments that a function was called with. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
}

/** A group of weights: `paths` are shards of one stretch of bytes, `weights` follow each other in it. */
export type WeightGroup = v.InferOutput<typeof ModelFileSchema>["weightsManifest"][number];

/** model.json, read. */
export interface Topology {
  /** Layers of all nested models in one list. */
  readonly layers: readonly Layer[];
  /** Name of the layer that yields the model's output, the first of several. */
  readonly output: string;
  readonly manifest: readonly WeightGroup[];
}

/** Reads the text of a model.json, Functional or Sequential, models nested in each other included. */
export function parseTopology(text: string): Topology {
  const file = parseJson(MODEL_FILE, text, ModelFileSchema);
  // Keras writes the configuration into model_config; tfjs-layers' own `save` leaves the wrapper out.
  const config = file.modelTopology.model_config ??
    parseJson(MODEL_FILE, JSON.stringify(file.modelTopology), ModelConfigSchema);
  return { ...flatten(readModelConfig(config)), manifest: file.weightsManifest };
}
