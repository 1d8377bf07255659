/** What rows of the in-memory twin hold beside logits: exact, as its network is linear. */
import type { Detail, InputGradient, Projection, Score, Volume, Want } from "../port.ts";
import { topClasses } from "../../../shared/logits.ts";
import { classOf, type Start, startOf } from "../worker/wants/score.ts";

/** Cells along a side of the features. */
export const GRID = 7;
export const CELLS = GRID * GRID;

/** Classes, and as many channels of the features. */
export const CLASSES = 10;

/** What one input gives on its way forward. */
export interface Forward {
  readonly pixels: Volume;
  /** `[7, 7, 10]`. */
  readonly features: Volume;
  readonly logits: Float32Array;
  /** `[10, 10]`, from features to classes. */
  readonly kernel: Float32Array;
}

/** Which place of the features each pixel adds to. */
export interface Wiring {
  /** `[height·width]` places in the flattened features. */
  readonly units: Uint16Array;
  /** `[7·7·10]` how many numbers of the input each place is the mean of. */
  readonly sizes: Float64Array;
}

/** Evidence weighted by the head for the classes that a want names, or null. */
export function project(want: Want, { features, logits, kernel }: Forward): Projection | null {
  if (want.kind !== "projection") return null;
  const classes = [...new Set([...topClasses(logits, want.top), ...want.also])];
  const values = new Float32Array(classes.length * CELLS);
  for (const [place, c] of classes.entries()) {
    for (const [unit, value] of features.values.entries()) {
      const cell = place * CELLS + Math.floor(unit / CLASSES);
      values[cell] = (values[cell] as number) + value * (kernel[(unit % CLASSES) * CLASSES + c] as number);
    }
  }
  return { classes, height: GRID, width: GRID, values };
}

/** The detail that a want asks for, or null. */
export function detailOf(want: Want, forward: Forward, wiring: Wiring): Detail | null {
  switch (want.kind) {
    case "logits":
    case "projection":
      return null;
    case "layer": {
      const activation = want.layer === "input" ? forward.pixels : forward.features;
      if (want.score === null) return { kind: "layer", classIndex: null, activation, gradient: null };
      const { start, gradient } = goBack(want.score, want.layer, forward, wiring);
      return { kind: "layer", classIndex: start.classIndex, activation, gradient };
    }
    case "input":
      return { kind: "input", ...inputGradient(want.score, forward, wiring) };
    case "bias-terms": {
      const found = inputGradient(want.score, forward, wiring);
      const reached = found.gradient.values.reduce(
        (sum, slope, i) => sum + slope * (found.input.values[i] as number),
        0,
      );
      const none = {
        height: GRID,
        width: GRID,
        channels: CLASSES,
        sums: new Float32Array(CELLS),
        min: 0,
        max: 0,
      };
      // Of a logit nothing is left; a probability is no linear function of the logits.
      return {
        kind: "bias-terms",
        ...found,
        terms: [{ layer: "features", ...none }],
        total: found.score - reached,
      };
    }
    case "fixations": {
      const classIndex = classOf(want.target, forward.logits);
      return { kind: "fixations", classIndex, points: fixations(classIndex, forward) };
    }
    default:
      throw new TypeError(`Cannot answer a want of this kind, got ${want satisfies never}`);
  }
}

function inputGradient(score: Score, forward: Forward, wiring: Wiring): InputGradient {
  const { start, gradient } = goBack(score, "input", forward, wiring);
  return { classIndex: start.classIndex, score: start.score, input: forward.pixels, gradient };
}

/** The gradient of a score at the input or at the features; nothing in between could be guided. */
function goBack(
  score: Score,
  at: string,
  { pixels, features, logits, kernel }: Forward,
  { units, sizes }: Wiring,
): { readonly start: Start; readonly gradient: Volume } {
  const from = score.kind === "target" ? "logits" : score.layer;
  const volume = from === "input" ? pixels : features;
  const { height, width, channels } = volume;
  const scored = from === "logits"
    ? { shape: [CLASSES], values: logits }
    : { shape: [height, width, channels], values: volume.values };
  const start = startOf(score, scored);
  if (at === from) return { start, gradient: { ...volume, values: start.seed } };
  const slopes = from === "features" ? start.seed : features.values.map((_, unit) => {
    const weights = kernel.subarray((unit % CLASSES) * CLASSES).subarray(0, CLASSES);
    return weights.reduce((sum, weight, c) => sum + weight * (start.seed[c] as number), 0) / CELLS;
  });
  if (at === "features") return { start, gradient: { ...features, values: slopes } };
  const values = pixels.values.map((_, i) => {
    const unit = units[Math.floor(i / 3)] as number;
    return (slopes[unit] as number) / (sizes[unit] as number);
  });
  return { start, gradient: { ...pixels, values } };
}

/** Of every feature that adds to the class, the middle of the cell with the most of it. */
function fixations(classIndex: number, { pixels, features, kernel }: Forward): Float32Array {
  const middle = (index: number, side: number) => Math.floor((index + 0.5) * side / GRID);
  const points: number[] = [];
  for (let feature = 0; feature < CLASSES; feature++) {
    const cells = features.values.filter((_, unit) => unit % CLASSES === feature);
    const sum = cells.reduce((total, value) => total + value, 0);
    if (sum * (kernel[feature * CLASSES + classIndex] as number) <= 0) continue;
    const best = cells.indexOf(cells.reduce((a, b) => Math.max(a, b), -Infinity));
    points.push(middle(Math.floor(best / GRID), pixels.height), middle(best % GRID, pixels.width));
  }
  return new Float32Array(points);
}
