/** Operations that Keras 3 puts between layers: arithmetic, functions, reductions. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import { argumentsOf, type Operand, operand } from "./_call_arguments.ts";
import { activation, type Context, draft, type Reader, type Readers } from "./_drafts.ts";
import { MAX_PLACES, readGetItem } from "./_get_item.ts";
import { affine } from "./_scaling_layers.ts";
import { chain, reshaped, step } from "./_steps.ts";
import type { Activation, Draft, Shape } from "./graph.ts";
import { FUNCTIONS, settings, type WrittenActivation } from "./settings.ts";

const Axes = v.pipe(
  v.union([v.pipe(v.number(), v.transform((axis) => [axis])), v.array(v.number())]),
  v.maxLength(8),
);
const ReduceSettings = v.object({ axis: Axes, keepdims: v.optional(v.boolean(), false) });
const AxisSettings = v.object({ axis: v.optional(v.pipe(v.number(), v.integer()), -1) });
const AxesSettings = v.object({ axis: Axes });
const ClipSettings = v.object({ x_min: v.number(), x_max: v.number() });
const SlopeSettings = v.object({ negative_slope: v.optional(v.number(), 0.2) });
const GeluSettings = v.object({ approximate: v.optional(v.boolean(), true) });
const ReshapeSettings = v.object({ newshape: v.pipe(v.array(v.number()), v.maxLength(8)) });
const TransposeSettings = v.object({ axes: v.pipe(v.array(v.number()), v.maxLength(8)) });

/** Two values of which one may be a constant. */
type Arithmetic = "add" | "subtract" | "multiply" | "divide";

/** By the class of the operation. */
export const OPERATION_LAYERS: Readers = {
  "ops.Add": arithmetic("add"),
  "ops.Subtract": arithmetic("subtract"),
  "ops.Multiply": arithmetic("multiply"),
  "ops.Divide": arithmetic("divide"),
  "ops.TrueDivide": arithmetic("divide"),
  "ops.Power": readPower,
  "ops.Maximum": bounded("min"),
  "ops.Minimum": bounded("max"),
  "ops.Clip"(layer) {
    const { x_min: min, x_max: max } = settings(layer, ClipSettings);
    return [activation(layer, { function: "clip", scale: 1, shift: 0, min, max })];
  },
  "ops.LeakyRelu": (layer) => [
    activation(layer, {
      function: "rectifier",
      slope: settings(layer, SlopeSettings).negative_slope,
      threshold: 0,
      max: Infinity,
    }),
  ],
  "ops.Gelu": (layer) => [
    activation(layer, { function: settings(layer, GeluSettings).approximate ? "gelu-tanh" : "gelu" }),
  ],
  ...named({
    Relu: FUNCTIONS.relu,
    Relu6: FUNCTIONS.relu6,
    Sigmoid: FUNCTIONS.sigmoid,
    Silu: FUNCTIONS.silu,
    Tanh: FUNCTIONS.tanh,
    Elu: FUNCTIONS.elu,
    Selu: FUNCTIONS.selu,
    Softplus: FUNCTIONS.softplus,
    Softsign: FUNCTIONS.softsign,
    HardSigmoid: FUNCTIONS.hard_sigmoid_3,
    HardSilu: FUNCTIONS.hard_silu,
    HardTanh: FUNCTIONS.hard_tanh,
    Exp: { function: "exp" },
    Log: { function: "log" },
    Sqrt: { function: "sqrt" },
    Square: { function: "square" },
    Abs: { function: "abs" },
    Absolute: { function: "abs" },
    Negative: { function: "negative" },
    Reciprocal: { function: "reciprocal" },
    Erf: { function: "erf" },
  }),
  "ops.Softmax": (layer) => [draft("softmax", layer, settings(layer, AxisSettings), {})],
  "ops.Mean": reduction("mean"),
  "ops.Sum": reduction("sum"),
  "ops.Max": reduction("max"),
  "ops.GetItem": readGetItem,
  "ops.Stack": readStack,
  "ops.Concatenate": (layer) => [draft("concat", layer, settings(layer, AxisSettings), {})],
  "ops.Flip": readFlip,
  "ops.Reshape"(layer) {
    const { newshape: [, ...shape] } = settings(layer, ReshapeSettings);
    return chain(layer, [reshaped(shape)]);
  },
  "ops.Squeeze"(layer, _find, context) {
    const shape = context.shape(0);
    const gone = sidesOf(layer, settings(layer, AxesSettings).axis, shape.length);
    return chain(layer, [reshaped(shape.filter((_, side) => !gone.includes(side)))]);
  },
  "ops.ExpandDims"(layer, _find, context) {
    const shape = context.shape(0);
    const [side = 0] = sidesOf(layer, [settings(layer, AxisSettings).axis], shape.length + 1);
    return chain(layer, [reshaped(shape.toSpliced(side, 0, 1))]);
  },
  "ops.Transpose"(layer, _find, context) {
    const { axes: [batch, ...axes] } = settings(layer, TransposeSettings);
    if (batch !== 0) throw unlike(layer, "axes", "the batch left in front");
    return [draft("transpose", layer, { order: sidesOf(layer, axes, context.shape(0).length) }, {})];
  },
  "ops.Matmul": (layer) => [draft("matmul", layer, { transposeA: false, transposeB: false }, {})],
};

function named(functions: Readonly<Record<string, WrittenActivation>>): Readers {
  return Object.fromEntries(
    Object.entries(functions).map((
      [name, written],
    ): [string, Reader] => [`ops.${name}`, (layer) => [activation(layer, written)]]),
  );
}

function arithmetic(kind: Arithmetic): Reader {
  return (layer, _find, context) => {
    const [x, y] = argumentsOf(layer).args.map(operand);
    if (x?.kind === "input" && y?.kind === "input") {
      // A value may be both: its name is listed for each.
      return [
        draft(kind, { ...layer, inputs: [inputOf(layer, x.number), inputOf(layer, y.number)] }, {}, {}),
      ];
    }
    const [value, constant] = x?.kind === "input" ? [x, y] : [y, x];
    if (value?.kind !== "input" || constant?.kind !== "constant") {
      throw unlike(layer, "arguments", "two values, or one and a constant");
    }
    const one = { ...layer, inputs: [inputOf(layer, value.number)] };
    return perChannel(constant)
      ? withConstant(one, kind, constant.values, x === value)
      : withField(one, kind, constant, x === value, context.shape(value.number));
  };
}

/** One number for all, or one for each channel. */
function perChannel({ shape, values }: Extract<Operand, { kind: "constant" }>): boolean {
  return values.length === (shape.at(-1) ?? 1);
}

/** @param first whether the value stands before the constant */
function withConstant(
  layer: Layer,
  kind: Arithmetic,
  numbers: readonly number[],
  first: boolean,
): readonly Draft[] {
  switch (kind) {
    case "add":
      return [affine(layer, [1], numbers)];
    case "subtract":
      return [first ? affine(layer, [1], numbers.map((number) => -number)) : affine(layer, [-1], numbers)];
    case "multiply":
      return [affine(layer, numbers, [0])];
    case "divide":
      return first
        ? [affine(layer, numbers.map((number) => 1 / number), [0])]
        : chain(layer, [step("activation", { function: "reciprocal" }, {}), (inner) =>
          affine(inner, numbers, [0])]);
    default:
      throw new Error(`Cannot load the model: the arithmetic ${kind satisfies never} is unknown`);
  }
}

/** A constant that differs from position to position, such as a position embedding. */
function withField(
  layer: Layer,
  kind: Arithmetic,
  { shape, values }: Extract<Operand, { kind: "constant" }>,
  first: boolean,
  other: Shape,
): readonly Draft[] {
  const inner = `${layer.name}:constant`;
  const sides = shape.length === other.length + 1 ? shape.slice(1) : shape;
  const value = { shape: sides, values: Float32Array.from(values) };
  const inputs = first ? [...layer.inputs, inner] : [inner, ...layer.inputs];
  return [
    draft("constant", { ...layer, name: inner, inputs: [] }, {}, { value }),
    draft(kind, { ...layer, inputs }, {}, {}),
  ];
}

function readPower(layer: Layer): readonly Draft[] {
  const [x, y] = argumentsOf(layer).args.map(operand);
  const [exponent, ...more] = y?.kind === "constant" ? y.values : [];
  if (x?.kind !== "input" || exponent === undefined || more.length > 0) {
    throw unlike(layer, "arguments", "a value and a number");
  }
  return [activation(layer, { function: "power", exponent })];
}

/** The larger of a value and a number, or the smaller. */
function bounded(bound: "min" | "max"): Reader {
  return (layer) => {
    const operands = argumentsOf(layer).args.map(operand);
    const constant = operands.find((one) => one?.kind === "constant");
    const [limit, ...more] = constant?.kind === "constant" ? constant.values : [];
    if (limit === undefined || more.length > 0) throw unlike(layer, "arguments", "a value and a number");
    const clip: Activation = {
      function: "clip",
      scale: 1,
      shift: 0,
      min: -Infinity,
      max: Infinity,
      [bound]: limit,
    };
    return [activation(layer, bound === "min" && limit === 0 ? FUNCTIONS.relu : clip)];
  };
}

/** Over rows and columns it is the pooling at the end of a network, which methods know. */
function reduction(kind: "mean" | "sum" | "max"): Reader {
  return (layer, _find, context) => {
    const { axis, keepdims: keepDims } = settings(layer, ReduceSettings);
    const shape = context.shape(0);
    const sides = sidesOf(layer, axis, shape.length).toSorted((a, b) => a - b);
    const spatial = shape.length === 3 && sides.join() === "0,1";
    if (spatial && kind === "mean") return [draft("global-average-pool", layer, { keepDims }, {})];
    if (spatial && kind === "max") return [draft("global-max-pool", layer, { keepDims }, {})];
    return [draft("reduce", layer, { sides, function: kind, keepDims }, {})];
  };
}

/** Values along a new axis: each gets it, then they are put behind each other. */
function readStack(layer: Layer, _find: unknown, context: Context): readonly Draft[] {
  const rank = context.shape(0).length + 1;
  const [side = 0] = sidesOf(layer, [settings(layer, AxisSettings).axis], rank);
  const parts = layer.inputs.map((input, number): Draft =>
    draft("reshape", { ...layer, name: `${layer.name}:${number + 1}`, inputs: [input] }, {
      shape: context.shape(number).toSpliced(side, 0, 1),
    }, {})
  );
  const inputs = parts.map(({ name }) => name);
  return [...parts, draft("concat", { ...layer, inputs }, { axis: side + 1 }, {})];
}

function readFlip(layer: Layer, _find: unknown, context: Context): readonly Draft[] {
  const shape = context.shape(0);
  const sides = sidesOf(layer, settings(layer, AxesSettings).axis, shape.length);
  if (sides.some((side) => (shape[side] ?? 0) > MAX_PLACES)) {
    throw unlike(layer, "axis", `one of at most ${MAX_PLACES} places`);
  }
  return chain(
    layer,
    sides.map((side) =>
      step("gather", { side, indices: Array.from({ length: shape[side] ?? 0 }, (_, at) => at).reverse() }, {})
    ),
  );
}

/** Axes with the batch as sides without it. */
function sidesOf(layer: Layer, axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => {
    const side = (axis < 0 ? axis + rank + 1 : axis) - 1;
    if (Number.isInteger(side) && side >= 0 && side < rank) return side;
    throw unlike(layer, "axis", `one from 1 to ${rank}, the batch being 0`);
  });
}

function inputOf({ inputs }: Layer, number: number): string {
  return inputs[number] ?? "";
}

function unlike(layer: Layer, what: string, wanted: string): Error {
  return new Error(
    `Cannot load the model: ${what} of ${layer.className} layer ${layer.name} must be ${wanted}, got ` +
      JSON.stringify(layer.config["call"] ?? layer.config).slice(0, 200),
  );
}
