/** Scores: the number that a gradient is taken of, and the gradient that it begins with. */
import type { Score } from "../../port.ts";
import { topClasses } from "../../../../shared/logits.ts";

/** The value that a score is read from, of one row: the logits or a layer, `[classes]` or `[height, width, channels]`. */
export interface Scored {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A score of one row, worked out. */
export interface Start {
  /** Class whose score it is, or null for a channel or neuron. */
  readonly classIndex: number | null;
  /** The score itself. */
  readonly score: number;
  /** Gradient of the score at the value that it is read from, in that one's shape. */
  readonly seed: Float32Array;
}

/** Works out a score of one row and the gradient that it begins with. */
export function startOf(score: Score, { shape, values }: Scored): Start {
  switch (score.kind) {
    case "target": {
      const index = classOf(score.target, values);
      return {
        classIndex: index,
        ...(score.score === "logit" ? logit(values, index) : probability(values, index)),
      };
    }
    case "channel":
      return { classIndex: null, ...channelMean(values, shape.at(-1) ?? 1, score.channel) };
    case "neuron": {
      const [, width = 1, channels = 1] = shape;
      const place = (score.row * width + score.column) * channels + score.channel;
      return { classIndex: null, ...logit(values, place) };
    }
    default:
      throw new TypeError(`Cannot take a gradient of this score: current value is ${score satisfies never}`);
  }
}

/** The class that a target means in a row with these logits. */
export function classOf(
  target: Extract<Score, { kind: "target" }>["target"],
  logits: Float32Array,
): number {
  return target.kind === "class" ? target.index : topClasses(logits, target.rank)[target.rank - 1] ?? 0;
}

/** Probabilities of the classes: powers of e that add up to 1. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function logit(values: Float32Array, place: number): Omit<Start, "classIndex"> {
  const seed = new Float32Array(values.length);
  seed[place] = 1;
  return { score: values[place] ?? NaN, seed };
}

/** ∂p_c/∂y = p_c·(onehot(c) − p). */
function probability(logits: Float32Array, index: number): Omit<Start, "classIndex"> {
  const shares = softmax(logits);
  const score = shares[index] ?? NaN;
  return { score, seed: shares.map((share, c) => score * ((c === index ? 1 : 0) - share)) };
}

function channelMean(values: Float32Array, channels: number, channel: number): Omit<Start, "classIndex"> {
  const cells = values.length / channels;
  const seed = new Float32Array(values.length);
  let sum = 0;
  for (let i = channel; i < values.length; i += channels) {
    sum += values[i] as number;
    seed[i] = 1 / cells;
  }
  return { score: sum / cells, seed };
}
