/** An explanation made by hand, for tests of what is made out of one. */
import type { Clarity } from "../../../shared/clear_place.ts";
import type { Samples } from "../../../shared/codec.ts";
import type { Prediction } from "../../../shared/protocol.ts";
import type { ExplainedMap, Explanation } from "../../explain/mod.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import type { Trust } from "../../../shared/trust.ts";
import { verdictOf } from "../../../shared/trust_verdict.ts";
import { findMethod, methodInfo } from "../../methods/mod.ts";
import type { Explained } from "../page.ts";

const { model } = new SmallNetwork({ width: 4, height: 4 });

/** What is to be different about a map. */
export interface FakeMapOptions {
  /** By default `cam` for a signed map, `grad-cam` for another one. */
  readonly method?: string;
  readonly signed?: boolean;
  readonly trust?: Trust;
  readonly target?: Prediction;
  readonly completeness?: number;
  readonly samples?: Samples;
  readonly clarity?: Clarity;
  readonly dimmed?: boolean;
  readonly subject?: ExplainedMap["subject"];
  /** A picture instead of a map. */
  readonly rgb?: Uint8Array<ArrayBuffer>;
  readonly silent?: true;
}

/** One of three predictions. */
export function fakePrediction(index: number, probability = 0.9): Prediction {
  return { index, label: model.labels[index] ?? "", logit: 2 - index, probability };
}

/** A square map of a few values. */
export function fakeMap(
  values: readonly number[],
  {
    method,
    signed = false,
    trust,
    target = fakePrediction(0),
    completeness,
    samples,
    clarity = "clear",
    dimmed = false,
    rgb,
    silent,
    subject = rgb === undefined ? "picture" : "network",
  }: FakeMapOptions = {},
): ExplainedMap {
  const side = Math.sqrt(values.length);
  return {
    method: methodInfo(model, findMethod(method ?? (signed ? "cam" : "grad-cam"))),
    options: signed ? {} : { signed: false },
    classText: "top1",
    target,
    subject,
    map: {
      classIndex: target.index,
      layer: "features",
      height: side,
      width: side,
      values: Float32Array.from(values),
      ...(rgb === undefined ? {} : { rgb }),
      ...(silent === undefined ? {} : { silent }),
      ...(completeness === undefined ? {} : { completeness }),
      ...(samples === undefined ? {} : { samples }),
    },
    clarity,
    dimmed,
    elapsedMs: 12.34,
    box: null,
    reason: null,
    trust: trust ?? null,
  };
}

/** Meters of a map that falls from 0.9 to 0.1 and rises back, faster than both baselines; judged by what is given. */
export function fakeTrust(some: Partial<Trust> = {}): Trust {
  const level = { auc: 0.5, probabilities: [0.9, 0.5, 0.1] };
  const baseline = { deletion: level, insertion: { auc: 0.5, probabilities: [0.1, 0.5, 0.9] } };
  const meters: Omit<Trust, "verdict"> = {
    deletion: { auc: 0.25, probabilities: [0.9, 0.2, 0.1] },
    insertion: { auc: 0.75, probabilities: [0.1, 0.8, 0.9] },
    averageDrop: 0.125,
    increased: false,
    randomLogits: 0.2,
    completeness: null,
    total: null,
    evidence: true,
    baselines: { random: baseline, centre: baseline },
    ...some,
  };
  return { ...meters, verdict: some.verdict ?? verdictOf(meters) };
}

/** The explanation of a picture by some maps. */
export function fakeExplanation(maps: readonly ExplainedMap[], image = "cat.png"): Explanation {
  const { id, name, width, height, defaultLayer, classes, knows, tries, about } = model;
  return {
    image,
    model: { id, name, width, height, defaultLayer, classes, knows, tries, about },
    predictions: [fakePrediction(0, 0.9), fakePrediction(1, 0.1), fakePrediction(2, 0.0001)],
    unsure: false,
    maps,
    leftOut: [],
    notes: [],
  };
}

/** The same with a grey picture of 4×4 px. */
export function fakeExplained(maps: readonly ExplainedMap[], image = "cat.png"): Explained {
  return {
    explanation: fakeExplanation(maps, image),
    picture: { width: 4, height: 4, rgb: new Uint8Array(48).fill(100) },
  };
}
