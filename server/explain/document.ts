/** The JSON of an explanation: what `explain --json` prints and `POST /api/explain` answers. */
import type { Clarity } from "../../shared/clear_place.ts";
import type { Samples } from "../../shared/codec.ts";
import { type MapExtent, WHOLE_INPUT } from "../../shared/map_extent.ts";
import { unitOf } from "../../shared/map_values.ts";
import type { ModelInfo, OptionValues, Prediction, Reason } from "../../shared/protocol.ts";
import type { Box } from "../../shared/region.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import type { Trust } from "../../shared/trust.ts";
import { type MeasuredReason, meterOf } from "../methods/mod.ts";
import { whySentence } from "./why_sentence.ts";
import type { LeftOut } from "./ask.ts";
import type { ExplainedMap, Explanation } from "./explanation.ts";

/** What a map rests on. */
export interface WhyDocument {
  /** In a sentence. */
  readonly sentence: string;
  /** What was hidden, what is left of the class then, and what is first then; null: the map has no evidence. */
  readonly region: Reason["region"];
  /** The small meter; null: the class has hardly any probability to lose. */
  readonly meter: Reason["meter"];
}

/** One map's figures. */
export interface AttributionDocument {
  readonly method: string;
  readonly class: { readonly index: number; readonly label: string };
  /** The target layer, or null for a method that looks at none. */
  readonly layer: string | null;
  /** Height and width of the raw map, in cells. */
  readonly shape: readonly [number, number];
  /** Where the cells lie on the input, as shares of its sides; 0, 0, 1, 1 where they tile it. */
  readonly extent: MapExtent;
  /** Unit of the map's numbers, as its method states it. */
  readonly unit: string;
  /** Extremes of the raw map. */
  readonly min: number;
  readonly max: number;
  readonly options: OptionValues;
  readonly elapsedMs: number;
  /** Only of methods that draw samples: how many, of how many (null: no end to them), and the map's error. */
  readonly samples?: Samples;
  /** Only of maps of the picture: whether they single out a place, otherwise why not. */
  readonly clarity?: Clarity;
  /**
   * Only of maps of the picture with evidence: the box around the strongest region, as shares of the sides of what the model
   * sees, and in pixels of the model's input.
   */
  readonly box?: Box & { readonly pixels: Box };
  /** Only where it was asked for: what the map rests on, measured with its strongest region hidden (S3, S4). */
  readonly why?: WhyDocument;
  /** Only of methods that add up to the score: how far the sum misses it, in the score's unit. */
  readonly completeness?: number;
  /** Only where what a feature visualisation was to raise never answered: its picture shows nothing of it. */
  readonly silent?: true;
  /** Only where it was asked for, and the map is one of the picture. */
  readonly trust?: Trust;
}

/** One picture's document: with one map it has `attribution`, with several `attributions` in its place. */
export interface ExplanationDocument {
  /** Id of the model. */
  readonly model: string;
  /** SHA-256 of its file, or of its card where that holds those of its files; absent: it is not known. */
  readonly modelSha256?: string;
  /** The picture, as it was named. */
  readonly image: string;
  /** Size of the model's input, in pixels. */
  readonly input: { readonly width: number; readonly height: number };
  /** The first predictions. */
  readonly predictions: readonly Prediction[];
  /** Only where the first of them is no more than a guess (R5). */
  readonly unsure?: true;
  readonly attribution?: AttributionDocument;
  readonly attributions?: readonly AttributionDocument[];
  /** Only where `all` methods were asked for and some could not. */
  readonly leftOut?: readonly LeftOut[];
  /** Only where there is something to know of what was asked for, such as a name that other classes have too. */
  readonly notes?: readonly string[];
}

/** In place of a picture's document, where it could not be explained. */
export interface FailureDocument {
  /** Id of the model that could not; only where several were asked. */
  readonly model?: string;
  /** The picture, as it was named. */
  readonly image: string;
  readonly error: {
    /** Null where the file could not be read at all. */
    readonly code: ErrorCode | null;
    readonly message: string;
  };
}

/** Puts an explanation into the form that scripts rely on. */
export function documentOf(
  { image, model, predictions, unsure, maps, leftOut, notes }: Explanation,
): ExplanationDocument {
  const attributions = maps.map((one) => attributionOf(one, model, unsure));
  const [only] = attributions;
  return {
    model: model.id,
    ...(model.about.hash === undefined ? {} : { modelSha256: model.about.hash.sha256 }),
    image,
    input: { width: model.width, height: model.height },
    predictions: predictions.map(({ index, label, logit, probability }) => ({
      index,
      label,
      logit,
      probability,
    })),
    ...(unsure ? { unsure } : {}),
    ...(attributions.length === 1 && only !== undefined ? { attribution: only } : { attributions }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function attributionOf(
  explained: ExplainedMap,
  model: ModelInfo,
  unsure: boolean,
): AttributionDocument {
  const { method, options, target, map, subject, clarity, elapsedMs, box, reason, trust } = explained;
  return {
    method: method.id,
    class: { index: target.index, label: target.label },
    layer: map.layer,
    shape: [map.height, map.width],
    extent: map.extent ?? WHOLE_INPUT,
    unit: unitOf(method, options),
    ...extent(map.values),
    options,
    elapsedMs: Math.round(elapsedMs * 10) / 10,
    ...(map.samples === undefined ? {} : { samples: map.samples }),
    ...(subject === "network" ? {} : { clarity }),
    ...(box === null ? {} : { box: { ...box, pixels: inPixels(box, model) } }),
    ...(reason === null ? {} : { why: whyOf(explained, reason, { model, unsure }) }),
    ...(map.completeness === undefined ? {} : { completeness: map.completeness }),
    ...(map.silent === undefined ? {} : { silent: map.silent }),
    ...(trust === null ? {} : { trust }),
  };
}

function whyOf(
  explained: ExplainedMap,
  reason: MeasuredReason,
  { model, unsure }: { readonly model: ModelInfo; readonly unsure: boolean },
): WhyDocument {
  return {
    sentence: whySentence(explained, reason, { model, unsure }),
    region: reason.region,
    meter: meterOf(reason.steps),
  };
}

function inPixels({ left, top, right, bottom }: Box, { width, height }: ModelInfo): Box {
  const round = (share: number, side: number) => Math.round(share * side);
  return {
    left: round(left, width),
    top: round(top, height),
    right: round(right, width),
    bottom: round(bottom, height),
  };
}

/** Smallest and largest value of a map. */
export function extent(values: Float32Array): { readonly min: number; readonly max: number } {
  return {
    min: values.reduce((a, b) => Math.min(a, b), values[0] ?? 0),
    max: values.reduce((a, b) => Math.max(a, b), values[0] ?? 0),
  };
}
