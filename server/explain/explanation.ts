/** One picture, explained: the maps of a plan, from whatever engine answers their probes. */
import { type Clarity, clarityOf } from "../../shared/clear_place.ts";
import { natureOf, standardErrorOf } from "../../shared/map_values.ts";
import type { MethodInfo, ModelInfo, OptionValues, Prediction } from "../../shared/protocol.ts";
import { type Box, strongestRegion } from "../../shared/region.ts";
import type { Trust } from "../../shared/trust.ts";
import { isUnsure } from "../../shared/unsure.ts";
import type { Engine, FrameKey, LoadedModel } from "../engine/port.ts";
import {
  drive,
  driveSteps,
  driveVerdict,
  explainFrame,
  isMeasurable,
  type MeasuredReason,
  METER_STEPS,
  type MethodContext,
  methodInfo,
  predictionOf,
  type RawMap,
  reasonOf,
  topPredictions,
} from "../methods/mod.ts";
import type { LeftOut } from "./ask.ts";
import type { Plan, PlannedMap } from "./explanation_plan.ts";
import { shareRows } from "./_shared_rows.ts";

/** One map of a picture. */
export interface ExplainedMap {
  readonly method: MethodInfo;
  readonly options: OptionValues;
  /** The class as it was asked for. */
  readonly classText: string;
  /** The class that the map explains. */
  readonly target: Prediction;
  /** Whether the map shows positions in the picture, or is a picture of the network itself. */
  readonly subject: "picture" | "network";
  readonly map: RawMap;
  /** Whether the map singles out a place; of a map of the network always "clear". */
  readonly clarity: Clarity;
  /** Whether it explains no more than a guess: its class follows the ranking, and the network is not sure. */
  readonly dimmed: boolean;
  /** Time from the map's first probe to its end, in ms; rows that another map had asked for cost nothing again. */
  readonly elapsedMs: number;
  /** The box around its strongest region; null: it has no evidence, or is none of the picture. */
  readonly box: Box | null;
  /** What it rests on; null where that was not asked for, or the map is none of the picture. */
  readonly reason: MeasuredReason | null;
  /** Null where the meters were not asked for, or the map is none of the picture. */
  readonly trust: Trust | null;
}

/** A picture's explanation. */
export interface Explanation {
  /** What the picture is called. */
  readonly image: string;
  readonly model: ModelInfo & Pick<LoadedModel, "about">;
  /** The first predictions, the most probable first. */
  readonly predictions: readonly Prediction[];
  /** Whether the first of them is no more than a guess. */
  readonly unsure: boolean;
  /** In the order of the plan, at least one. */
  readonly maps: readonly ExplainedMap[];
  readonly leftOut: readonly LeftOut[];
  /** As the plan has them. */
  readonly notes: readonly string[];
}

/** What explaining one picture takes. */
export interface ExplainParts {
  readonly engine: Pick<Engine, "run" | "model">;
  readonly plan: Plan;
  readonly image: string;
  /** What a person should know of the picture's file, without full stops. */
  readonly notes?: readonly string[];
  /** Key of the picture, which was admitted before. */
  readonly frame: FrameKey;
  /** Ends the work between two batches; `explainPicture` then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Monotonic time, in ms. */
  readonly now: () => number;
  /** Receives the share of the whole plan that is done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Explains one picture by every map of a plan, one after the other.
 *
 * @throws GradcastError `engine-failed` where the engine failed
 */
export async function explainPicture(parts: ExplainParts): Promise<Explanation> {
  const { engine: { model }, plan, image } = parts;
  const engine = shareRows(
    parts.engine,
    plan.maps.flatMap(({ request: { target } }) => target.kind === "class" ? [target.index] : []),
  );
  const share = 1 / plan.maps.length;
  let predictions: readonly Prediction[] = [];
  const maps: ExplainedMap[] = [];
  for (const [index, planned] of plan.maps.entries()) {
    const explained = await explainMap(planned, {
      ...parts,
      engine: { ...engine, model },
      onProgress: (done) => parts.onProgress?.((index + done) * share),
    });
    predictions = explained.predictions;
    maps.push(explained.map);
    parts.onProgress?.((index + 1) * share);
  }
  const { id, name, width, height, defaultLayer, classes, head, knows, tries, about } = model;
  return {
    image,
    model: { id, name, width, height, defaultLayer, classes, ...(head && { head }), knows, tries, about },
    predictions,
    unsure: isUnsure(predictions[0]?.probability ?? 0, model),
    maps,
    leftOut: plan.leftOut,
    notes: [...plan.notes, ...parts.notes ?? []],
  };
}

/** Share of a map's progress that the map itself takes where the meters follow: they ask for about as many rows. */
const MAP_SHARE = 0.5;

/** Of the small meter. */
const ALL_STEPS = [...METER_STEPS.keys()];

async function explainMap(
  { request: { method, target, layer, options }, classText }: PlannedMap,
  { engine, plan, frame, signal, now, onProgress = () => {} }: ExplainParts,
): Promise<{ predictions: readonly Prediction[]; map: ExplainedMap }> {
  const { model } = engine;
  const context: MethodContext = { frame, model, target, layer, options, carry: new Map(), still: true };
  const measured = plan.trust && isMeasurable(method);
  const mapShare = measured ? MAP_SHARE : 1;
  let logits = new Float32Array();
  const startedMs = now();
  const map = await drive(engine, explainFrame(method, context), {
    signal,
    onRanking: (ranking) => logits = Float32Array.from(ranking),
    onTile: ({ progress }) => onProgress(progress * mapShare),
  });
  const elapsedMs = now() - startedMs;
  const trust = measured
    ? await driveVerdict(engine, method, context, map, {
      signal,
      onProgress: (done) => onProgress(mapShare + (1 - mapShare) * done),
    })
    : null;
  const { zero } = method.values;
  const reason = plan.why && isMeasurable(method)
    ? await driveSteps(engine, reasonOf(context, { map, zero, logits, steps: ALL_STEPS }), { signal })
    : null;
  const info = methodInfo(model, method);
  const clarity = info.subject === "network" ? "clear" : clarityOf(map, {
    nature: natureOf(info, options),
    standardError: standardErrorOf(map.samples ?? null, info.sampling),
  });
  const predictions = topPredictions(logits, model);
  return {
    predictions,
    map: {
      method: info,
      options,
      classText,
      target: predictionOf(logits, model, map.classIndex),
      subject: isMeasurable(method) ? "picture" : "network",
      map,
      clarity,
      dimmed: info.subject === "picture" && target.kind === "rank" &&
        isUnsure(predictions[0]?.probability ?? 0, model),
      elapsedMs,
      // A fine map takes some milliseconds, and films have no use for it.
      get box() {
        if (!isMeasurable(method)) return null;
        return strongestRegion(map, { threshold: plan.boxThreshold, zero })?.box ?? null;
      },
      reason,
      trust,
    },
  };
}
