/** Layers that transformers and their relatives are made of. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import { argumentsOf, operand } from "./_call_arguments.ts";
import { type Context, draft, type FindWeight, type Readers, vector, weight } from "./_drafts.ts";
import { affine } from "./_scaling_layers.ts";
import { chain, reshaped, step } from "./_steps.ts";
import type { Draft } from "./graph.ts";
import { settings } from "./settings.ts";

const Axis = v.pipe(
  v.optional(v.union([v.number(), v.strictTuple([v.number()])]), -1),
  v.transform((axis) => typeof axis === "number" ? axis : axis[0]),
);
const Scaled = { center: v.optional(v.boolean(), true), scale: v.optional(v.boolean(), true) };
const LayerNormSettings = v.object({
  axis: Axis,
  epsilon: v.optional(v.number(), 1e-3),
  rms_scaling: v.optional(v.literal(false), false),
  ...Scaled,
});
const GroupNormSettings = v.object({
  groups: v.optional(v.pipe(v.number(), v.integer()), 32),
  axis: v.optional(v.literal(-1), -1),
  epsilon: v.optional(v.number(), 1e-3),
  ...Scaled,
});
const Count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536));
const AttentionSettings = v.object({
  num_heads: Count,
  key_dim: Count,
  value_dim: v.optional(v.nullable(Count), null),
  use_bias: v.optional(v.boolean(), true),
  attention_axes: v.optional(v.nullable(v.pipe(v.array(v.number()), v.maxLength(1))), null),
  use_gate: v.optional(v.literal(false), false),
  sliding_window: v.optional(v.nullable(v.never()), null),
});
const PermuteSettings = v.object({ dims: v.pipe(v.array(v.number()), v.maxLength(8)) });
const KeepSettings = v.object({ keepdims: v.optional(v.boolean(), false) });

/** By Keras class. */
export const TOKEN_LAYERS = {
  LayerNormalization(layer, find, context) {
    const { axis, epsilon, center, scale } = settings(layer, LayerNormSettings);
    const shape = context.shape(0);
    if (axis !== -1 && axis !== shape.length) {
      throw new Error(
        `Cannot load the model: axis of LayerNormalization layer ${layer.name} must be the last one, got ${axis}`,
      );
    }
    const weights = perChannel(layer, find, { center, scale }, shape.at(-1) ?? 1);
    return [draft("layer-norm", layer, { epsilon }, weights)];
  },
  GroupNormalization(layer, find, context) {
    const { groups, epsilon, center, scale } = settings(layer, GroupNormSettings);
    const channels = context.shape(0).at(-1) ?? 1;
    const weights = perChannel(layer, find, { center, scale }, channels);
    // Keras writes −1 for one channel in each group.
    return [draft("group-norm", layer, { groups: groups === -1 ? channels : groups, epsilon }, weights)];
  },
  MultiHeadAttention: readAttention,
  Permute: (layer) => [
    draft("transpose", layer, { order: settings(layer, PermuteSettings).dims.map((dim) => dim - 1) }, {}),
  ],
  GlobalAveragePooling1D: (layer) => [
    draft("reduce", layer, {
      sides: [0],
      function: "mean",
      keepDims: settings(layer, KeepSettings).keepdims,
    }, {}),
  ],
  GlobalMaxPooling1D: (layer) => [
    draft(
      "reduce",
      layer,
      { sides: [0], function: "max", keepDims: settings(layer, KeepSettings).keepdims },
      {},
    ),
  ],
  /** ConvNeXt's factor for each channel. */
  LayerScale(layer, find) {
    const { values } = weight(layer, find, "gamma", 1);
    return [affine(layer, [...values], [0])];
  },
} satisfies Readers;

function perChannel(
  layer: Layer,
  find: FindWeight,
  { center, scale }: { readonly center: boolean; readonly scale: boolean },
  channels: number,
) {
  return {
    scale: scale ? weight(layer, find, "gamma", 1) : vector(new Float32Array(channels).fill(1)),
    shift: center ? weight(layer, find, "beta", 1) : vector(new Float32Array(channels)),
  };
}

/** Attention over tokens `[tokens, channels]`: softmax(query · key / √size) · value in each head. */
function readAttention(layer: Layer, find: FindWeight, context: Context): readonly Draft[] {
  const { num_heads: heads, key_dim: size, value_dim, use_bias } = settings(layer, AttentionSettings);
  const { query, value, key } = operandsOf(layer);
  const [tokens = 0] = context.shape(query);
  const project = (part: string, input: number, width: number, scale: number): readonly Draft[] => {
    const [length = 0] = context.shape(input);
    const own = { ...layer, name: `${layer.name}:${part}`, inputs: [layer.inputs[input] ?? ""] };
    return chain(own, [
      step("dense", { activation: "linear" }, projection(layer, find, part, use_bias, scale)),
      reshaped([length, heads, width]),
      step("transpose", { order: [1, 0, 2] }, {}),
    ], "");
  };
  const named = (part: string) => `${layer.name}:${part}`;
  const product = (part: string, inputs: readonly string[], transposeB: boolean): Draft =>
    draft("matmul", { ...layer, name: named(part), inputs: inputs.map(named) }, {
      transposeA: false,
      transposeB,
    }, {});
  return [
    ...project("query", query, size, 1 / Math.sqrt(size)),
    ...project("key", key, size, 1),
    ...project("value", value, value_dim ?? size, 1),
    product("scores", ["query", "key"], true),
    draft("softmax", { ...layer, name: named("attention"), inputs: [named("scores")] }, { axis: -1 }, {}),
    product("heads", ["attention", "value"], false),
    ...chain({ ...layer, inputs: [named("heads")] }, [
      step("transpose", { order: [1, 0, 2] }, {}),
      reshaped([tokens, heads * (value_dim ?? size)]),
      step("dense", { activation: "linear" }, projection(layer, find, "attention_output", use_bias, 1)),
    ], "output"),
  ];
}

/** Numbers of the inputs that are query, value and key; the key is the value where it is not given. */
function operandsOf(layer: Layer) {
  const { args, kwargs } = argumentsOf(layer);
  const given = (position: number, name: string) => {
    const found = operand(args[position] ?? kwargs[name]);
    return found?.kind === "input" ? found.number : null;
  };
  const masked = ["attention_mask", "query_mask", "value_mask", "key_mask"]
    .some((name) => kwargs[name] !== undefined && kwargs[name] !== null);
  if (masked || kwargs["use_causal_mask"] === true || kwargs["return_attention_scores"] === true) {
    throw new Error(
      `Cannot load the model: MultiHeadAttention layer ${layer.name} is called with a mask or for its scores, ` +
        "which Gradcast does not compute; call it with query and value alone",
    );
  }
  const query = given(0, "query") ?? 0;
  const value = given(1, "value") ?? query;
  return { query, value, key: given(2, "key") ?? value };
}

/** A kernel with a side for the heads as that of a dense layer, its numbers times `scale`. */
function projection(layer: Layer, find: FindWeight, part: string, used: boolean, scale: number) {
  const written = weight(layer, find, `${part}/kernel`, 3);
  const [first = 0, second = 0, third = 0] = written.shape;
  const shape = part === "attention_output" ? [first * second, third] : [first, second * third];
  const kernel: Weight = { shape, values: scaled(written.values, scale) };
  const bias = used
    ? vector(scaled(weight(layer, find, `${part}/bias`, part === "attention_output" ? 1 : 2).values, scale))
    : vector(new Float32Array(shape[1] ?? 0));
  return { kernel, bias };
}

function scaled(values: Float32Array, scale: number): Float32Array {
  return scale === 1 ? values : values.map((value) => value * scale);
}
