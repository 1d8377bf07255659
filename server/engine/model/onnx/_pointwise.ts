/** Functions of one value, and values that are merged cell by cell. */
import type { Activation } from "../../graph/graph.ts";
import type { Weight } from "../weights.ts";
import { align, type Aligned, type Operand } from "./_arrange.ts";
import {
  dynamic,
  float,
  type Importer,
  input,
  known,
  type OnnxCall,
  refuse,
  scalar,
  single,
  word,
} from "./_call.ts";
import { denseOf } from "./_builder.ts";
import { type Dynamic, isConstant, isDynamic, product, type Value } from "./_value.ts";

/** A function of one value; positions and order do not matter to it. */
function applied(call: OnnxCall, x: Dynamic, attrs: Activation): Dynamic {
  return { ...x, source: { ...x.source, name: call.build.add("activation", [x.source.name], attrs, {}) } };
}

export function pointwise(attrs: Activation | ((call: OnnxCall) => Activation)): Importer {
  return (call) => [applied(call, dynamic(call, 0), typeof attrs === "function" ? attrs(call) : attrs)];
}

export const clip: Importer = (call) => {
  const min = call.node.attributes.get("min")?.f ?? scalar(call, 1, "min") ?? -Infinity;
  const max = call.node.attributes.get("max")?.f ?? scalar(call, 2, "max") ?? Infinity;
  return [applied(call, dynamic(call, 0), clipTo(min, max))];
};

function clipTo(min: number, max: number): Activation {
  if (min === 0 && max >= 3e38) return { function: "relu" };
  if (min === 0 && max === 6) return { function: "relu6" };
  return { function: "clip", scale: 1, shift: 0, min, max };
}

/** The larger or smaller of a value and a number. */
export function limit(end: "min" | "max"): Importer {
  return (call) => {
    const values = call.inputs.map((_, at) => input(call, at));
    const [x, ...more] = values.filter(isDynamic);
    const bounds = values.filter(isConstant);
    if (x === undefined || more.length > 0 || bounds.some(({ dims }) => product(dims) !== 1)) {
      refuse("must compare one value with numbers");
    }
    const numbers = bounds.map((bound) => denseOf(bound)[0] as number);
    const attrs = end === "max"
      ? clipTo(Math.max(...numbers), Infinity)
      : clipTo(-Infinity, Math.min(...numbers));
    return [applied(call, x, attrs)];
  };
}

/** x above 0, alpha·(e^(x / alpha) − 1) below. */
export const celu: Importer = pointwise((call) => {
  const alpha = float(call, "alpha", 1);
  return alpha === 1
    ? { function: "elu" }
    : { function: "exponential-linear", scale: 1, limit: alpha, rate: 1 / alpha };
});

export const prelu: Importer = (call) => {
  const slope = known(call, 1, "slopes");
  // Slopes of [channels, 1, 1] belong to [1, channels, height, width]; those of [channels] do so too, by unidirectional
  // broadcasting they would be columns.
  const aligned = align(call.build, [dynamic(call, 0), slope]);
  const [x, alpha] = aligned.operands as [Operand, Operand];
  const channels = alpha.kind === "constant" ? perChannel(alpha) : null;
  if (x.kind !== "node" || channels === null) refuse("must have one slope, or one for each channel");
  return [aligned.result(call.build.add("prelu", [x.name], {}, { alpha: channels }))];
};

export const gelu: Importer = pointwise((call) => ({
  function: word(call, "approximate", "none") === "tanh" ? "gelu-tanh" : "gelu",
}));

export const elu: Importer = pointwise((call) => {
  const alpha = float(call, "alpha", 1);
  return alpha === 1
    ? { function: "elu" }
    : { function: "exponential-linear", scale: 1, limit: alpha, rate: 1 };
});

export const leakyRelu: Importer = pointwise((call) => ({
  function: "rectifier",
  slope: float(call, "alpha", 0.01),
  threshold: 0,
  max: Infinity,
}));

export const hardSigmoid: Importer = pointwise((call) => ({
  function: "clip",
  scale: float(call, "alpha", 0.2),
  shift: float(call, "beta", 0.5),
  min: 0,
  max: 1,
}));

const near = (value: number, wanted: number) => Math.abs(value - wanted) <= 1e-5 * wanted;

export const selu: Importer = pointwise((call) => {
  const [alpha, gamma] = [float(call, "alpha", 1.67326319), float(call, "gamma", 1.05070102)];
  return near(alpha, 1.67326324) && near(gamma, 1.05070098)
    ? { function: "selu" }
    : { function: "exponential-linear", scale: gamma, limit: gamma * alpha, rate: 1 };
});

export const power: Importer = (call) => {
  const exponent = scalar(call, 1, "an exponent") ?? refuse("must have an exponent");
  const x = dynamic(call, 0);
  switch (exponent) {
    case 1:
      return [x];
    case 2:
      return [applied(call, x, { function: "square" })];
    case 0.5:
      return [applied(call, x, { function: "sqrt" })];
    case -1:
      return [applied(call, x, { function: "reciprocal" })];
    default:
      return [applied(call, x, { function: "power", exponent })];
  }
};

type Merge = "add" | "subtract" | "multiply" | "divide";

export function merging(merge: Merge): Importer {
  return (call) => {
    const [first, ...rest] = call.inputs.map((_, at) => input(call, at)) as [Value, ...Value[]];
    return [rest.reduce((sum, value) => merged(call, merge, sum, value), first)];
  };
}

export function addValues(call: OnnxCall, a: Value, b: Value): Value {
  return merged(call, "add", a, b);
}

/** The value by a number; the value itself for 1. */
export function scaled<V extends Value>(call: OnnxCall, value: V, by: number): V | Dynamic {
  return by === 1 ? value : merged(call, "multiply", value, single(by)) as Dynamic;
}

function merged(call: OnnxCall, merge: Merge, a: Value, b: Value): Value {
  const { build } = call;
  const aligned = align(build, [a, b]);
  const [left, right] = aligned.operands as [Operand, Operand];
  const perChannel = affine(call, merge, left, right, aligned);
  if (perChannel !== null) return perChannel;
  const names = [left, right].map((operand) =>
    operand.kind === "node"
      ? operand.name
      : build.constantNode({ shape: operand.shape, values: operand.values })
  );
  return aligned.result(build.add(merge, names, {}, {}));
}

/** A merge with one number or one for each channel is a factor and a summand; null for any other. */
function affine(
  call: OnnxCall,
  merge: Merge,
  left: Operand,
  right: Operand,
  aligned: Aligned,
): Dynamic | null {
  const { build } = call;
  const add = (name: string, scale: Weight, shift: Weight) =>
    aligned.result(build.add("affine", [name], { axis: -1 }, { scale, shift }));
  if (left.kind === "node" && right.kind === "constant") {
    const numbers = perChannel(right);
    if (numbers === null) return null;
    switch (merge) {
      case "add":
        return add(left.name, filled(numbers, 1), numbers);
      case "subtract":
        return add(left.name, filled(numbers, 1), mapped(numbers, (value) => -value));
      case "multiply":
        return add(left.name, numbers, filled(numbers, 0));
      case "divide":
        return add(left.name, mapped(numbers, (value) => 1 / value), filled(numbers, 0));
      default:
        return merge satisfies never;
    }
  }
  if (left.kind === "constant" && right.kind === "node") {
    const numbers = perChannel(left);
    if (numbers === null) return null;
    switch (merge) {
      case "add":
        return add(right.name, filled(numbers, 1), numbers);
      case "subtract":
        return add(right.name, filled(numbers, -1), numbers);
      case "multiply":
        return add(right.name, numbers, filled(numbers, 0));
      case "divide": {
        const inverse = build.step("reciprocal", "activation", [right.name], { function: "reciprocal" }, {});
        return add(inverse, numbers, filled(numbers, 0));
      }
      default:
        return merge satisfies never;
    }
  }
  return null;
}

/** Numbers that lie along the last side alone, or a single one; null where others stretch. */
export function perChannel(operand: Extract<Operand, { kind: "constant" }>): Weight | null {
  if (operand.shape.slice(0, -1).some((side) => side !== 1)) return null;
  return { shape: [operand.values.length], values: operand.values };
}

function filled({ shape }: Weight, value: number): Weight {
  return { shape, values: new Float32Array(shape[0] ?? 1).fill(value) };
}

function mapped({ shape, values }: Weight, change: (value: number) => number): Weight {
  return { shape, values: values.map(change) };
}
