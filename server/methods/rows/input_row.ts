/** The frame's row with the gradient at the input. */
import type { GradientRule, InputGradient, Probe, Variation, Volume } from "../../engine/port.ts";
import { frameRow } from "./frame_row.ts";
import { targetScore } from "../options/score_option.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Sides of a volume. */
export type VolumeShape = Pick<Volume, "height" | "width" | "channels">;

/** The gradient at the input, as the row returned it. */
export interface InputRow extends InputGradient {
  readonly classIndex: number;
  /** `[classes]` of the unchanged frame. */
  readonly logits: Float32Array;
}

/** The probe that asks for the gradient of the target's score at the input; by default of the unchanged frame. */
export function inputProbe(
  context: MethodContext,
  { variation = { kind: "none" }, rule = "plain" }: { variation?: Variation; rule?: GradientRule } = {},
): Probe {
  return { frame: context.frame, variation, want: { kind: "input", score: targetScore(context), rule } };
}

/** Asks for the gradient at the unchanged frame. */
export function* inputRow(
  context: MethodContext,
  rule: GradientRule = "plain",
): Generator<MethodStep, InputRow, readonly GoodRow[]> {
  const row = yield* frameRow(context, inputProbe(context, { rule }));
  const detail = inputDetail(row);
  return {
    ...detail,
    classIndex: detail.classIndex ?? targetClass(row.logits, context.target),
    logits: row.logits,
  };
}

/** The gradient that a row was asked for. */
export function inputDetail({ detail }: GoodRow): InputGradient {
  if (detail?.kind === "input") return detail;
  throw new TypeError(
    `Cannot explain the frame: its row must have the gradient at the input, got ${detail?.kind ?? "nothing"}`,
  );
}

/** Largest |value| of each pixel's channels, `[height, width]`. */
export function channelMax({ height, width, channels, values }: Volume): Float64Array {
  const largest = new Float64Array(height * width);
  for (let px = 0, at = 0; px < largest.length; px++) {
    let most = 0;
    for (const end = at + channels; at < end; at++) {
      const value = Math.abs(values[at] as number);
      if (value > most) most = value;
    }
    largest[px] = most;
  }
  return largest;
}

/** Σ of |value| over each pixel's channels, `[height, width]`. */
export function channelSum({ height, width, channels, values }: Volume): Float64Array {
  const sums = new Float64Array(height * width);
  for (let px = 0, at = 0; px < sums.length; px++) {
    let sum = 0;
    for (const end = at + channels; at < end; at++) sum += Math.abs(values[at] as number);
    sums[px] = sum;
  }
  return sums;
}

/** Σ over each pixel's channels of gradient·factor, `[height, width]`, signed. */
export function channelProducts(
  { height, width, channels }: VolumeShape,
  gradient: ArrayLike<number>,
  factor: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(height * width);
  for (let px = 0, at = 0; px < sums.length; px++) {
    let sum = 0;
    for (const end = at + channels; at < end; at++) sum += (gradient[at] as number) * (factor[at] as number);
    sums[px] = sum;
  }
  return sums;
}

/** A map of the input's size. */
export function inputMap(
  classIndex: number,
  { height, width }: Pick<Volume, "height" | "width">,
  values: Float64Array,
): RawMap {
  return { classIndex, layer: null, height, width, values: new Float32Array(values) };
}
