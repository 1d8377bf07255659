/** The frame's row with the values of the target layer. */
import type { Probe, Score, Volume } from "../../engine/port.ts";
import { frameRow } from "./frame_row.ts";
import { targetScore } from "../options/score_option.ts";
import type { GoodRow, MethodContext, MethodStep } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** What the row returned of the target layer. */
export interface LayerRow {
  readonly classIndex: number;
  readonly activation: Volume;
}

/** The same with the gradient of the score, of equal shape. */
export interface LayerGradientRow extends LayerRow {
  readonly gradient: Volume;
}

/** The probe of the unchanged frame that asks for the target layer, and for the gradient of `score` unless null. */
export function layerProbe({ frame, layer }: MethodContext, score: Score | null): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "layer", layer, score } };
}

/** Asks for the values of the target layer. */
export function* layerRow(context: MethodContext): Generator<MethodStep, LayerRow, readonly GoodRow[]> {
  const { logits, detail } = yield* frameRow(context, layerProbe(context, null));
  if (detail?.kind !== "layer") throw missing(context, detail?.kind);
  return { classIndex: targetClass(logits, context.target), activation: detail.activation };
}

/** Asks for the values of the target layer and the gradient of the target's score there. */
export function* layerGradientRow(
  context: MethodContext,
): Generator<MethodStep, LayerGradientRow, readonly GoodRow[]> {
  const { logits, detail } = yield* frameRow(context, layerProbe(context, targetScore(context)));
  if (detail?.kind !== "layer" || detail.gradient === null) throw missing(context, detail?.kind);
  const { activation, gradient, classIndex } = detail;
  return { classIndex: classIndex ?? targetClass(logits, context.target), activation, gradient };
}

function missing({ layer }: MethodContext, kind: string | undefined): TypeError {
  return new TypeError(
    `Cannot explain the frame: its row must have the layer ${layer}, got ${kind ?? "nothing"}`,
  );
}
