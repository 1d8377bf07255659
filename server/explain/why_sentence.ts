/** The sentence on what a map of a single picture rests on. */
import { percent } from "../../shared/percent.ts";
import { shortLabel } from "../../shared/labels.ts";
import { natureOf } from "../../shared/map_values.ts";
import type { ModelInfo, Prediction } from "../../shared/protocol.ts";
import { sentenceOf } from "../../shared/sentence.ts";
import { isBlindToClass } from "../../shared/trust.ts";
import { type MeasuredReason, meterOf } from "../methods/mod.ts";
import type { ExplainedMap } from "./explanation.ts";

/** Writes it. */
export function whySentence(
  { method, options, target, trust }: ExplainedMap,
  reason: MeasuredReason,
  { model, unsure }: { readonly model: Pick<ModelInfo, "head">; readonly unsure: boolean },
): string {
  const named = (row: Prediction) => ({ ...row, name: shortLabel(row.label) });
  return sentenceOf({
    target: named(target),
    first: named(reason.first),
    unsure,
    reason: { ...reason, meter: meterOf(reason.steps) },
    blind: trust !== null && isBlindToClass(trust),
    stale: false,
    signed: natureOf(method, options).signed,
    head: model.head ?? "softmax",
    mirrored: false,
  }, { nameOf: (_index, label) => shortLabel(label), percent }).text;
}
