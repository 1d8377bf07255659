/** What the small network's rows have beside logits: derivatives of its own layers. */
import type { BiasTerm, Detail, GradientRule, InputGradient, Score, Volume, Want } from "../port.ts";
import { classOf, sourceOf, type Start, startOf } from "../worker/wants/score.ts";
import { attentionOf } from "./_attention.ts";
import {
  backward,
  featuresOf,
  type Gradients,
  layerOf,
  type Numbers,
  type Pass,
  type SpatialLayer,
} from "./_layers.ts";
import { networkOf } from "./_network.ts";

const RGB = 3;

/** A forward pass, and what it ran through. */
export interface Run {
  readonly layers: readonly SpatialLayer[];
  readonly pass: Pass;
  /** Of the input, in pixels. */
  readonly size: { readonly height: number; readonly width: number };
}

/** A score, and its gradients at every layer. */
interface Scored {
  readonly start: Start;
  readonly gradients: Gradients;
}

/** Answers a want, or gives null where logits or projection are all that is wanted. */
export function detailOf(run: Run, want: Want): Detail | null {
  switch (want.kind) {
    case "logits":
    case "projection":
      return null;
    case "layer": {
      const activation = volumeOf(run, want.layer, run.pass);
      if (want.score === null) return { kind: "layer", classIndex: null, activation, gradient: null };
      const { start: { classIndex }, gradients } = scored(run, want.score, "plain");
      return { kind: "layer", classIndex, activation, gradient: volumeOf(run, want.layer, gradients) };
    }
    case "input":
      return { kind: "input", ...inputGradient(run, scored(run, want.score, want.rule)) };
    case "bias-terms": {
      const found = scored(run, want.score, "plain");
      return { kind: "bias-terms", ...inputGradient(run, found), ...biasTerms(run, want.score, found) };
    }
    case "fixations": {
      const classIndex = classOf(want.target, Float32Array.from(run.pass.logits));
      return { kind: "fixations", classIndex, points: fixations(classIndex, run) };
    }
    case "attention":
      return attentionOf(want, classOf(want.score.target, Float32Array.from(run.pass.logits)), run.layers);
    case "features":
      return { kind: "features", values: Float32Array.from(featuresOf(run.layers, run.pass)) };
    case "network":
      return networkOf(run, want);
    default:
      throw new TypeError(`Cannot answer the want: its kind is unknown, got ${want satisfies never}`);
  }
}

function inputGradient(run: Run, { start: { classIndex, score }, gradients }: Scored): InputGradient {
  return {
    classIndex,
    score,
    input: volumeOf(run, "input", run.pass),
    gradient: volumeOf(run, "input", gradients),
  };
}

function scored(run: Run, score: Score, rule: GradientRule): Scored {
  const start = startOf(score, valuesScored(run, score));
  const seed = { layer: sourceOf(score), values: start.seed };
  return { start, gradients: backward(run.layers, run.pass, seed, rule) };
}

/** What a score is read from. */
function valuesScored(run: Run, score: Score): { shape: readonly number[]; values: Float32Array } {
  const layer = sourceOf(score);
  if (layer === null) {
    return { shape: [run.pass.logits.length], values: Float32Array.from(run.pass.logits) };
  }
  const { height, width, channels, values } = volumeOf(run, layer, run.pass);
  return { shape: [height, width, channels], values };
}

/** `[height, width, channels]` of a layer, from a pass or from gradients. */
function volumeOf(
  { layers, size: { height, width } }: Run,
  name: string,
  of: Pick<Gradients, "spatial"> & { readonly input: Numbers },
): Volume {
  if (name === "input") return { height, width, channels: RGB, values: Float32Array.from(of.input) };
  const { side = 0, channels = 0 } = layers.find((layer) => layer.name === name) ?? {};
  const values = Float32Array.from(layerOf(of, name).after);
  return { height: side, width: side, channels, values };
}

function biasTerms(run: Run, score: Score, { start, gradients }: Scored) {
  const products = run.layers.flatMap((layer) => {
    const { bias, ceiling, name } = layer;
    const { before, after } = layerOf(gradients, name);
    const values = layerOf(run.pass, name).before;
    const biased = before.map((gradient, index) => gradient * (bias[index % bias.length] ?? 0));
    const plain = { name, layer, values: biased };
    if (ceiling === null || ceiling === Infinity) return [plain];
    const cut = after.map((gradient, index) => (values[index] ?? 0) >= ceiling ? gradient * ceiling : 0);
    return [plain, { name: `${name}:saturated`, layer, values: cut }];
  });
  const { bias } = run.pass.head;
  const dense = score.kind === "target" ? dot(bias, start.seed) : 0;
  // A probability is no linear function of the logits: what its slope at them does not reach counts as a bias too.
  const rest = start.score - dot(start.seed, valuesScored(run, score).values);
  return {
    terms: products.map(({ name, layer, values }) => termOf(name, layer, values)),
    total: products.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), dense + rest),
  };
}

function termOf(layer: string, { side, channels }: SpatialLayer, values: Float64Array): BiasTerm {
  const sizes = values.map(Math.abs);
  const sums = new Float32Array(side ** 2);
  for (const [index, size] of sizes.entries()) {
    const cell = Math.floor(index / channels);
    sums[cell] = (sums[cell] ?? 0) + size;
  }
  return {
    layer,
    height: side,
    width: side,
    channels,
    sums,
    min: Math.min(...sizes),
    max: Math.max(...sizes),
  };
}

/** Of every feature that adds to the class, the middle of the cell with the most of it. */
function fixations(classIndex: number, { layers, pass, size }: Run): Float32Array {
  const { name = "", side = 1, channels = 0 } = layers.at(-1) ?? {};
  const { after } = layerOf(pass, name);
  const middle = (index: number, px: number) => Math.floor((index + 0.5) * px / side);
  const points: number[] = [];
  for (let feature = 0; feature < channels; feature++) {
    const cells = after.filter((_, index) => index % channels === feature);
    const sum = cells.reduce((total, value) => total + value, 0);
    const weight = pass.head.kernel[feature * pass.logits.length + classIndex] ?? 0;
    if (sum * weight <= 0) continue;
    const best = cells.indexOf(cells.reduce((a, b) => Math.max(a, b), -Infinity));
    points.push(middle(Math.floor(best / side), size.height), middle(best % side, size.width));
  }
  return Float32Array.from(points);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
