/** What the fake network's rows have beside logits: derivatives of its own layers. */
import {
  type BiasTerm,
  type Detail,
  type InputGradient,
  type Score,
  type Volume,
  type Want,
} from "../../engine/port.ts";
import { EARLY, type FakeLayers, FEATURES, type Gradients, type Pass, type Seeds } from "./fake_layers.ts";
import { probabilityOf, targetClass } from "../ranking.ts";

const RGB = 3;

/** Implicit bias of a ReLU6 where it saturates. */
const CEILING = 6;

/** Size of the input, in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** A forward, and what it ran through. */
export interface FakeRun {
  readonly layers: FakeLayers;
  readonly pass: Pass;
  readonly size: Size;
}

/** A score with its value and the gradient that begins there. */
interface Seeded {
  readonly classIndex: number | null;
  readonly value: number;
  readonly seeds: Seeds;
}

/** Answers a want, or gives null where logits or projection are all that is wanted. */
export function detailOf(run: FakeRun, want: Want): Detail | null {
  switch (want.kind) {
    case "logits":
    case "projection":
      return null;
    case "layer": {
      const activation = volumeOf(run, want.layer, run.pass);
      if (want.score === null) return { kind: "layer", classIndex: null, activation, gradient: null };
      const { classIndex, seeds } = seed(run, want.score);
      const gradients = run.layers.backward(run.pass, seeds, "plain");
      return { kind: "layer", classIndex, activation, gradient: volumeOf(run, want.layer, gradients) };
    }
    case "input": {
      const seeded = seed(run, want.score);
      const gradients = run.layers.backward(run.pass, seeded.seeds, want.rule);
      return { kind: "input", ...inputGradient(run, seeded, gradients) };
    }
    case "bias-terms": {
      const seeded = seed(run, want.score);
      const gradients = run.layers.backward(run.pass, seeded.seeds, "plain");
      return {
        kind: "bias-terms",
        ...inputGradient(run, seeded, gradients),
        ...biasTerms(run, gradients),
      };
    }
    case "fixations":
      return {
        kind: "fixations",
        classIndex: targetClass(Float32Array.from(run.pass.logits), want.target),
        points: Float32Array.of(0, 0, run.size.height - 1, run.size.width - 1),
      };
    default: {
      const never: never = want;
      throw new TypeError(`Cannot answer the want: its kind is unknown, got ${never}`);
    }
  }
}

function inputGradient(run: FakeRun, { classIndex, value }: Seeded, gradients: Gradients): InputGradient {
  return {
    classIndex,
    score: value,
    input: volumeOf(run, "input", run.pass),
    gradient: volumeOf(run, "input", gradients),
  };
}

function seed({ layers, pass }: FakeRun, score: Score): Seeded {
  switch (score.kind) {
    case "target": {
      const logits = Float32Array.from(pass.logits);
      const classIndex = targetClass(logits, score.target);
      const probabilities = pass.logits.map((_, c) => probabilityOf(logits, c));
      const probability = probabilities[classIndex] ?? NaN;
      const asProbability = score.score === "probability";
      const seeds = probabilities.map((other, c) => {
        const own = c === classIndex ? 1 : 0;
        return asProbability ? probability * (own - other) : own;
      });
      const value = asProbability ? probability : pass.logits[classIndex] ?? NaN;
      return { classIndex, value, seeds: { logits: seeds } };
    }
    case "channel":
    case "neuron": {
      const layer = hiddenLayer(score.layer);
      const { side, channels } = layer === "early" ? EARLY : FEATURES;
      const counts = (index: number) => {
        if (index % channels !== score.channel) return 0;
        if (score.kind === "channel") return 1 / side ** 2;
        return Math.floor(index / channels) === score.row * side + score.column ? 1 : 0;
      };
      const values = pass[layer].after;
      const seeds = layers.backward(pass, {}, "plain")[layer].after.map((_, index) => counts(index));
      const value = values.reduce((sum, activation, index) => sum + activation * counts(index), 0);
      return { classIndex: null, value, seeds: { [layer]: seeds } };
    }
    default: {
      const never: never = score;
      throw new TypeError(`Cannot take the gradient: its score is unknown, got ${never}`);
    }
  }
}

/** `[height, width, channels]` of a layer, from a pass or from gradients. */
function volumeOf(
  { size }: FakeRun,
  layer: string,
  of: Pick<Gradients, "input" | "early" | "features">,
): Volume {
  if (layer === "input") return { ...size, channels: RGB, values: Float32Array.from(of.input) };
  const name = hiddenLayer(layer);
  const { side, channels } = name === "early" ? EARLY : FEATURES;
  return { height: side, width: side, channels, values: Float32Array.from(of[name].after) };
}

function hiddenLayer(layer: string): "early" | "features" {
  if (layer === "early" || layer === "features") return layer;
  throw new RangeError(
    `Cannot read the layer: the network has early and features, got '${layer}'`,
  );
}

function biasTerms(
  { layers, pass }: FakeRun,
  gradients: Gradients,
): { terms: readonly BiasTerm[]; total: number } {
  const spread = (layer: "early" | "features") => {
    const bias = layers.bias[layer];
    return gradients[layer].before.map((gradient, index) => gradient * (bias[index % bias.length] ?? 0));
  };
  const saturated = gradients.early.after.map((gradient, index) =>
    (pass.early.before[index] ?? 0) >= CEILING ? gradient * CEILING : 0
  );
  const products = [
    ["early", EARLY, spread("early")],
    ["early:saturated", EARLY, saturated],
    ["features", FEATURES, spread("features")],
  ] as const;
  const dense = pass.head.bias.reduce((sum, bias, c) => sum + bias * (gradients.logits[c] ?? 0), 0);
  return {
    terms: products.map(([layer, { side, channels }, values]) => {
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
    }),
    total: products.reduce((sum, [, , values]) => sum + values.reduce((a, b) => a + b, 0), dense),
  };
}
