/** Scores: the number that a gradient is taken of, and the gradient that it begins with. */
import { probabilityOf, topClasses } from "../../../../shared/logits.ts";
import type { Head } from "../../../../shared/protocol.ts";
import type { Grid } from "../../graph/places.ts";
import type { LoadedModel, Score } from "../../port.ts";
import { whole } from "../input/variation_fault.ts";
import type { Abilities } from "./want.ts";

/** The value that a score is read from, of one row: the logits or a layer, `[classes]` or `[…, channels]`. */
export interface Scored {
  readonly shape: readonly number[];
  /** How a layer lies on the picture; absent: `shape` is `[height, width, channels]`, or it does not. */
  readonly grid?: Grid;
  readonly values: Float32Array;
  /** How logits become probabilities; absent: softmax. */
  readonly head?: Head | undefined;
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
export function startOf(score: Score, { shape, values, grid, head }: Scored): Start {
  switch (score.kind) {
    case "target": {
      const index = classOf(score.target, values);
      return {
        classIndex: index,
        ...(score.score === "logit" ? logit(values, index) : probability(values, index, head)),
      };
    }
    case "channel":
      return { classIndex: null, ...channelMean(values, shape.at(-1) ?? 1, score.channel, grid) };
    case "neuron": {
      const { width, skip } = grid ?? { width: shape[1] ?? 1, skip: 0 };
      const place = (skip + score.row * width + score.column) * (shape.at(-1) ?? 1) + score.channel;
      return { classIndex: null, ...logit(values, place) };
    }
    default:
      throw new TypeError(
        `Cannot take a gradient: expected a score of a target, channel or neuron, got ${score satisfies never}`,
      );
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

/** ∂p_c/∂y = p_c·(onehot(c) − p), or where a class has a probability of its own, p_c·(1 − p_c) at c alone. */
function probability(logits: Float32Array, index: number, head?: Head): Omit<Start, "classIndex"> {
  if (head === "sigmoid") {
    const score = probabilityOf(logits, index, head);
    const seed = new Float32Array(logits.length);
    seed[index] = score * (1 - score);
    return { score, seed };
  }
  const shares = softmax(logits);
  const score = shares[index] ?? NaN;
  return { score, seed: shares.map((share, c) => score * ((c === index ? 1 : 0) - share)) };
}

function channelMean(
  values: Float32Array,
  channels: number,
  channel: number,
  { height, width, skip }: Grid = { height: values.length / channels, width: 1, skip: 0 },
): Omit<Start, "classIndex"> {
  const cells = height * width;
  const seed = new Float32Array(values.length);
  let sum = 0;
  for (let i = skip * channels + channel; i < (skip + cells) * channels; i += channels) {
    sum += values[i] as number;
    seed[i] = 1 / cells;
  }
  return { score: sum / cells, seed };
}

/** The layer that a score is read from, or null for the logits. */
export function sourceOf(score: Score): string | null {
  return score.kind === "target" ? null : score.layer;
}

/**
 * Says in half a sentence why a score has no gradient, or null.
 *
 * @param at layer that the gradient is asked for at, or null for the input
 */
export function scoreFault(score: Score, { model, feeds }: Abilities, at: string | null): string | null {
  const fault = score.kind === "target" ? targetFault(score.target, model) : placeFault(score, model);
  if (fault !== null) return fault;
  if (score.kind === "target" && model.withoutGradients === true) {
    return "the gradient of a class needs a head that has one, as a dense layer does";
  }
  if (score.kind === "target" && score.score !== "logit" && score.score !== "probability") {
    return `expected a score of logit or probability, got ${score.score}`;
  }
  const scored = sourceOf(score);
  return at === null || feeds(at, scored)
    ? null
    : `expected a layer that feeds ${scored ?? "the logits"}, which the score is read from, got ${at}`;
}

/** Says in half a sentence why a model has no such class, or null. */
export function targetFault(
  target: Extract<Score, { kind: "target" }>["target"],
  { classes }: Pick<LoadedModel, "classes">,
): string | null {
  if (target.kind === "rank") {
    return whole(target.rank, 1, classes) ? null : `expected a rank of 1 to ${classes}, got ${target.rank}`;
  }
  return whole(target.index, 0, classes - 1)
    ? null
    : `expected a class of 0 to ${classes - 1}, got ${target.index}`;
}

/** Says in half a sentence why a layer has no spatial values, or null. */
export function volumeFault(layer: string, model: Pick<LoadedModel, "layers">): string | null {
  const found = model.layers.find(({ name }) => name === layer);
  return found?.shape.length === 3 && found.unplaced !== true
    ? null
    : `expected a layer of the model with an output of height, width and channels, got ${layer}`;
}

function placeFault(score: Exclude<Score, { kind: "target" }>, model: LoadedModel): string | null {
  const fault = volumeFault(score.layer, model);
  if (fault !== null) return fault;
  const [rows, columns, channels] = shapeOf(score.layer, model) as [number, number, number];
  const axes: readonly (readonly [string, number, number])[] = [
    ["channel", score.channel, channels],
    ...(score.kind === "neuron"
      ? [["row", score.row, rows], ["column", score.column, columns]] as const
      : []),
  ];
  const outside = axes.find(([, index, count]) => !whole(index, 0, count - 1));
  if (outside === undefined) return null;
  const [name, index, count] = outside;
  return `expected a ${name} of 0 to ${count - 1} at layer ${score.layer}, got ${index}`;
}

function shapeOf(layer: string, { layers }: Pick<LoadedModel, "layers">): readonly number[] | undefined {
  return layers.find(({ name }) => name === layer)?.shape;
}
