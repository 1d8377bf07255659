/** The configuration of one model as Keras writes it, and of the models nested in it. */
import * as v from "valibot";
import { demandOf } from "../../../shared/misfit.ts";
import { type Call, readCalls, type Reference } from "./_call.ts";

const LayerSchema = v.object({
  class_name: v.string(),
  config: v.looseObject({ name: v.pipe(v.string(), v.minLength(1)) }),
  /** Keras 3 only. */
  module: v.optional(v.nullable(v.string()), null),
  /** Functional models only: one entry for each call of the layer. */
  inbound_nodes: v.optional(v.array(v.unknown()), []),
});

const Output = v.looseTuple([v.string(), v.number(), v.number()]);

/** Layers by [name, node, output]; Keras 3 writes a single one without the list around it. */
const References = v.union([v.array(Output), v.pipe(Output, v.transform((single) => [single]))]);

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
  /** Class of the layer; that of an operation of Keras 3 has {@link OPERATION} in front. */
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What the layer is called with, each time; null in a Sequential model. */
  readonly calls: readonly Call[] | null;
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
    readonly outputs: readonly Reference[];
  };

/** What stands before the class of an operation that Keras 3 put between layers. */
export const OPERATION = "ops.";

/** Classes of models. */
const MODELS: readonly string[] = ["Sequential", "Functional", "Model"];

/** Modules of operations, in which Keras 3 has classes of the same names as layers. */
const OPERATION_MODULE = /^keras\.(src\.)?ops\b/u;

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
    entries: config.layers.map((layer) =>
      readEntry(layer, readCalls(layer.config.name, layer.inbound_nodes))
    ),
    inputs: config.input_layers.map(([name]) => name),
    outputs: config.output_layers.map(([layer, node, output]) => ({ layer, node, output })),
  };
}

function readEntry(
  { class_name, module, config }: v.InferOutput<typeof LayerSchema>,
  calls: readonly Call[] | null,
): LayerEntry {
  // The configuration in an .h5 file names no modules; layers have a type there, operations have none.
  const isOperation = module === null
    ? !MODELS.includes(class_name) && config["dtype"] === undefined &&
      (calls ?? []).some(({ constants }) => constants["args"] !== undefined)
    : OPERATION_MODULE.test(module);
  const className = isOperation ? `${OPERATION}${class_name}` : class_name;
  return { name: config.name, className, config, calls, nested: readNested(className, config) };
}

function readNested(class_name: string, config: unknown): ModelConfig | null {
  if (!MODELS.includes(class_name)) return null;
  const result = v.safeParse(ModelConfigSchema, { class_name, config });
  if (result.success) return readModelConfig(result.output);
  const [issue] = result.issues;
  throw new Error(
    `Cannot load the model: a nested ${class_name} model does not fit at ${
      v.getDotPath(issue) ?? "its top level"
    }: it ${demandOf(issue)}`,
  );
}
