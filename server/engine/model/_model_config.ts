/** The configuration of one model as Keras writes it, and of the models nested in it. */
import * as v from "valibot";
import { type Call, readCall } from "./_call.ts";

const LayerSchema = v.object({
  class_name: v.string(),
  config: v.looseObject({ name: v.pipe(v.string(), v.minLength(1)) }),
  /** Functional models only: one entry for each call of the layer. */
  inbound_nodes: v.optional(v.array(v.unknown()), []),
});

const Reference = v.looseTuple([v.string(), v.number(), v.number()]);

/** Layers by [name, node, output]; Keras 3 writes a single one without the list around it. */
const References = v.union([v.array(Reference), v.pipe(Reference, v.transform((single) => [single]))]);

/** Early Keras wrote a bare list of layers, later ones an object around it. */
const SequentialSchema = v.union([
  v.pipe(v.array(LayerSchema), v.transform((layers) => ({ layers, build_input_shape: null }))),
  v.object({
    layers: v.array(LayerSchema),
    build_input_shape: v.optional(v.nullable(v.array(v.nullable(v.number()))), null),
  }),
]);

const FunctionalSchema = v.object({
  layers: v.array(LayerSchema),
  input_layers: v.optional(References, []),
  output_layers: v.optional(References, []),
});

export const ModelConfigSchema = v.variant("class_name", [
  v.object({ class_name: v.literal("Sequential"), config: SequentialSchema }),
  v.object({ class_name: v.picklist(["Functional", "Model"]), config: FunctionalSchema }),
]);

/** One entry of a model's list of layers. */
export interface LayerEntry {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What the layer is called with; null in a Sequential model. */
  readonly call: Call | null;
  /** The model that this layer is, or null for a layer proper. */
  readonly nested: ModelConfig | null;
}

/** A model, read one level deep at a time. */
export type ModelConfig =
  | {
    readonly kind: "sequential";
    readonly entries: readonly LayerEntry[];
    /** Shape of the input, batch in front, where the model was built by the first picture that it saw. */
    readonly inputShape: readonly (number | null)[] | null;
  }
  | {
    readonly kind: "functional";
    readonly entries: readonly LayerEntry[];
    /** Names of the input layers in the order of the arguments. */
    readonly inputs: readonly string[];
    readonly outputs: readonly { readonly layer: string; readonly output: number }[];
  };

/** Gives a checked configuration a form that says what it means. */
export function readModelConfig(
  { class_name, config }: v.InferOutput<typeof ModelConfigSchema>,
): ModelConfig {
  if (class_name === "Sequential") {
    return {
      kind: "sequential",
      entries: config.layers.map((layer) => readEntry(layer, null)),
      inputShape: config.build_input_shape,
    };
  }
  return {
    kind: "functional",
    entries: config.layers.map((layer) => readEntry(layer, readCall(layer.config.name, layer.inbound_nodes))),
    inputs: config.input_layers.map(([name]) => name),
    outputs: config.output_layers.map(([layer, , output]) => ({ layer, output })),
  };
}

function readEntry({ class_name, config }: v.InferOutput<typeof LayerSchema>, call: Call | null): LayerEntry {
  return { name: config.name, className: class_name, config, call, nested: readNested(class_name, config) };
}

function readNested(class_name: string, config: unknown): ModelConfig | null {
  if (!["Sequential", "Functional", "Model"].includes(class_name)) return null;
  const result = v.safeParse(ModelConfigSchema, { class_name, config });
  if (result.success) return readModelConfig(result.output);
  const [issue] = result.issues;
  throw new Error(
    `Cannot load the model: a nested ${class_name} model does not fit at ${
      v.getDotPath(issue) ?? "its top level"
    }: ${issue.message}`,
  );
}
