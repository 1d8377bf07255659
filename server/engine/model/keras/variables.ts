/** Weights of Keras layers in the order in which Keras 3 numbers them: trainable ones first. */
import * as v from "valibot";

/** The variables of a layer: part of the path below the layer's, then the number there, by the weight's name. */
export interface Variable {
  /** Name by which the layer's reader asks for it. */
  readonly name: string;
  readonly path: string;
}

type Config = Readonly<Record<string, unknown>>;

/** Settings that decide which variables there are. */
const Settings = v.object({
  use_bias: v.fallback(v.boolean(), true),
  scale: v.fallback(v.boolean(), true),
  center: v.fallback(v.boolean(), true),
});

type Settings = v.InferOutput<typeof Settings>;

const Wrapped = v.object({ class_name: v.string(), config: v.looseObject({}) });

const kernel = ({ use_bias }: Settings) => use_bias ? ["kernel", "bias"] : ["kernel"];
const scaled = ({ scale, center }: Settings) => [...scale ? ["gamma"] : [], ...center ? ["beta"] : []];

/** Names in order by the class of the layer. */
const VARIABLES: ReadonlyMap<string, (settings: Settings) => readonly string[]> = new Map([
  ["Conv2D", kernel],
  ["Conv2DTranspose", kernel],
  ["DepthwiseConv2D", kernel],
  ["Dense", kernel],
  [
    "SeparableConv2D",
    ({ use_bias }: Settings) => ["depthwise_kernel", "pointwise_kernel", ...use_bias ? ["bias"] : []],
  ],
  ["BatchNormalization", (settings: Settings) => [...scaled(settings), "moving_mean", "moving_variance"]],
  ["LayerNormalization", scaled],
  ["GroupNormalization", scaled],
  ["PReLU", () => ["alpha"]],
  ["LayerScale", () => ["gamma"]],
  ["Normalization", () => ["mean", "variance"]],
]);

/** Layers inside a layer: the name of each there, and the part of its path. */
const ATTENTION = [
  ["query", "query_dense"],
  ["key", "key_dense"],
  ["value", "value_dense"],
  ["attention_output", "output_dense"],
] as const;

/** Lists the variables of a layer of Keras 3; those of a class that is not read are none. */
export function variablesOf(className: string, config: Config): readonly Variable[] {
  if (className === "TimeDistributed") return variablesInside(config);
  const settings = v.parse(Settings, {
    use_bias: config["use_bias"],
    scale: config["scale"],
    center: config["center"],
  });
  if (className === "MultiHeadAttention") {
    return ATTENTION.flatMap(([name, part]) =>
      kernel(settings).map((own, number) => ({ name: `${name}/${own}`, path: `${part}/vars/${number}` }))
    );
  }
  if (className === "EinsumDense") return numbered(config["bias_axes"] ? ["kernel", "bias"] : ["kernel"]);
  return numbered(VARIABLES.get(className)?.(settings) ?? []);
}

function numbered(names: readonly string[]): readonly Variable[] {
  return names.map((name, number) => ({ name, path: `vars/${number}` }));
}

/** Variables of the layer that another one wraps. */
function variablesInside({ layer }: Config): readonly Variable[] {
  const parsed = v.safeParse(Wrapped, layer);
  if (!parsed.success || parsed.output.class_name === "TimeDistributed") return [];
  const { class_name, config } = parsed.output;
  return variablesOf(class_name, config).map(({ name, path }) => ({ name, path: `layer/${path}` }));
}

/** Name of a class as Keras 3 writes it into a path: "SeparableConv2D" is separable_conv2d. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/gu, "")
    .replace(/(.)([A-Z][a-z]+)/gu, "$1_$2")
    .replace(/([a-z])([A-Z])/gu, "$1_$2")
    .toLowerCase();
}
