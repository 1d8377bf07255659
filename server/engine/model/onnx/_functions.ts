/**
 * Recognises functions of one value that are written out in several operations, by their values: x·sigmoid(x) is Swish
 * in whatever order an exporter writes it, and x/2·(1 + erf(x/√2)) is GELU.
 */
import type { Activation, Draft } from "../../graph/graph.ts";
import type { Drafts } from "./_passes.ts";

/** Operations that one function is written in at most. */
const MAX_STEPS = 16;

/** Near enough to 0 for the series of erf, and beyond the bends of the hard functions. */
const POINTS = Float64Array.from({ length: 81 }, (_, i) => (i - 40) / 10 + 0.013);

const clamped = (x: number, min: number, max: number) => Math.min(max, Math.max(min, x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x);

/** By its series, which is exact enough for the points. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 && n < 200; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

/** Functions that are written out, by what the engine has for them. */
const KNOWN: readonly (readonly [Activation, (x: number) => number])[] = [
  [{ function: "gelu" }, (x) => x / 2 * (1 + erf(x / Math.SQRT2))],
  [
    { function: "gelu-tanh" },
    (x) => x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ],
  [{ function: "swish" }, (x) => x * sigmoid(x)],
  [{ function: "hard-swish" }, (x) => x * clamped(x / 6 + 0.5, 0, 1)],
  [{ function: "mish" }, (x) => x * Math.tanh(softplus(x))],
  [{ function: "softplus" }, softplus],
  [{ function: "clip", scale: 1 / 6, shift: 0.5, min: 0, max: 1 }, (x) => clamped(x / 6 + 0.5, 0, 1)],
];

/** Their values at the points, computed once. */
const TABLE = KNOWN.map(([activation, compute]) => ({ activation, values: POINTS.map(compute) }));

/** Replaces the last operation of each such function by the function; what nothing reads then is left over. */
export function recogniseFunctions(drafts: Drafts): void {
  const place = new Map([...drafts.keys()].map((name, at) => [name, at]));
  for (const draft of [...drafts.values()].reverse()) {
    if (!isStep(draft)) continue;
    const found = functionOf(draft, drafts, place);
    if (found === null) continue;
    const { name, className } = draft;
    drafts.set(name, {
      kind: "activation",
      name,
      className,
      inputs: [found.input],
      attrs: found.activation,
      weights: {},
    });
  }
}

function functionOf(draft: Draft, drafts: Drafts, place: ReadonlyMap<string, number>) {
  const steps = new Set([draft.name]);
  const frontier = new Set(draft.inputs);
  for (let step = 0; step < MAX_STEPS; step++) {
    const [input] = frontier;
    if (input === undefined) return null;
    if (frontier.size === 1 && steps.size > 1) {
      const values = valuesOf(draft.name, drafts, input, steps);
      const known = values === null ? undefined : TABLE.find((row) => isNear(row.values, values));
      if (known !== undefined) return { input, activation: known.activation };
    }
    const [latest = ""] = [...frontier].sort((a, b) => (place.get(b) ?? 0) - (place.get(a) ?? 0));
    const next = drafts.get(latest);
    if (next === undefined || !isStep(next)) return null;
    frontier.delete(latest);
    steps.add(latest);
    next.inputs.forEach((name) => frontier.add(name));
  }
  return null;
}

/** Operations whose value at a place depends on their inputs at that place alone, and on no channel. */
function isStep(draft: Draft): boolean {
  switch (draft.kind) {
    case "affine":
      return draft.weights.scale.values.length === 1 && draft.weights.shift.values.length === 1;
    case "activation":
      return compute(draft.attrs) !== null;
    case "add":
    case "multiply":
    case "subtract":
    case "divide":
      return true;
    default:
      return false;
  }
}

function valuesOf(
  name: string,
  drafts: Drafts,
  input: string,
  steps: ReadonlySet<string>,
): Float64Array | null {
  const known = new Map<string, Float64Array>([[input, POINTS]]);
  const valueOf = (name: string): Float64Array | null => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const draft = drafts.get(name);
    if (draft === undefined || !steps.has(name)) return null;
    const inputs = draft.inputs.map(valueOf);
    if (inputs.some((values) => values === null)) return null;
    const values = computed(draft, inputs as Float64Array[]);
    if (values !== null) known.set(name, values);
    return values;
  };
  return valueOf(name);
}

function computed(draft: Draft, [first, ...rest]: readonly Float64Array[]): Float64Array | null {
  if (first === undefined) return null;
  const merged = (merge: (a: number, b: number) => number) =>
    rest.reduce((all, values) => all.map((value, i) => merge(value, values[i] as number)), first);
  switch (draft.kind) {
    case "affine": {
      const [scale = 1] = draft.weights.scale.values;
      const [shift = 0] = draft.weights.shift.values;
      return first.map((x) => scale * x + shift);
    }
    case "activation": {
      const act = compute(draft.attrs);
      return act === null ? null : first.map(act);
    }
    case "add":
      return merged((a, b) => a + b);
    case "multiply":
      return merged((a, b) => a * b);
    case "subtract":
      return merged((a, b) => a - b);
    case "divide":
      return merged((a, b) => a / b);
    default:
      return null;
  }
}

/** Functions that others are made of; null for those that are whole by themselves. */
function compute(attrs: Activation): ((x: number) => number) | null {
  switch (attrs.function) {
    case "sigmoid":
      return sigmoid;
    case "tanh":
      return Math.tanh;
    case "erf":
      return erf;
    case "exp":
      return Math.exp;
    case "log":
      return Math.log;
    case "softplus":
      return softplus;
    case "relu":
      return (x) => Math.max(0, x);
    case "relu6":
      return (x) => clamped(x, 0, 6);
    case "square":
      return (x) => x * x;
    case "power":
      return (x) => x ** attrs.exponent;
    case "negative":
      return (x) => -x;
    case "reciprocal":
      return (x) => 1 / x;
    case "clip":
      return (x) => clamped(attrs.scale * x + attrs.shift, attrs.min, attrs.max);
    default:
      return null;
  }
}

/** Constants are float32, so the values agree to six digits. */
function isNear(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => Math.abs(value - (b[i] as number)) <= 2e-6 * (1 + Math.abs(value)));
}
