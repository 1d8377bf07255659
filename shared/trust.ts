/** What the trust meters of a map are, and how they are sent while they are computed (PROTOCOL.md, A11 and A15). */
import * as v from "valibot";
import { ERROR_CODES } from "./errors.ts";

/** A map that keeps a higher rank correlation than this under random logits does not depend on the class. */
export const BLIND_CORRELATION = 0.9;

const CurveSchema = v.object({
  /** Area under the curve, 0…1. */
  auc: v.number(),
  /** Probability of the class at equal steps of the share of pixels, the first before any pixels changed. */
  probabilities: v.pipe(v.array(v.number()), v.readonly()),
});

/** A curve of a trust meter. */
export type TrustCurve = Readonly<v.InferOutput<typeof CurveSchema>>;

/** What the same takes with an order of the pixels that knows nothing of the picture; fewer steps than the map's curves. */
const BaselineSchema = v.object({ deletion: CurveSchema, insertion: CurveSchema });
export type TrustBaseline = Readonly<v.InferOutput<typeof BaselineSchema>>;

/** Orders of the pixels that a map has to beat: random cells of the map's size, and from the picture's centre outwards. */
export const BASELINES = ["random", "centre"] as const;
export type BaselineName = typeof BASELINES[number];

/** What a verdict can rest on. */
export const VERDICT_METERS = [
  "evidence",
  "probability",
  "random-logits",
  "completeness",
  "deletion",
  "insertion",
] as const;

const VerdictSchema = v.object({
  kind: v.picklist(["good", "doubtful", "class-independent"]),
  /** The meter that decided. */
  because: v.picklist(VERDICT_METERS),
  /** Of deletion and insertion the baseline that decided; null: another meter did, or the map's two curves themselves. */
  against: v.nullable(v.picklist(BASELINES)),
});
/** What the meters of a map come to, and because of which one. */
export type TrustVerdict = Readonly<v.InferOutput<typeof VerdictSchema>>;

/** The meters of one map, and what they come to. */
export const TrustSchema = v.object({
  deletion: CurveSchema,
  insertion: CurveSchema,
  /** Share of the probability that is lost when only the map's pixels are left, 0…1. */
  averageDrop: v.number(),
  /** True where the class got more probable instead. */
  increased: v.boolean(),
  /** Rank correlation with the map under random logits, −1…1; null: the network has no dense layer to draw. */
  randomLogits: v.nullable(v.number()),
  /** How far the method's sum misses the score, in the score's unit, or null where it does not claim to add up. */
  completeness: v.nullable(v.number()),
  /** What that sum is to be, in the score's unit, or null where the method does not claim to add up. */
  total: v.nullable(v.number()),
  /** Whether the map ranks anything at all: some of it speaks for the class, and not all of it equally. */
  evidence: v.boolean(),
  baselines: v.object({ random: BaselineSchema, centre: BaselineSchema }),
  verdict: VerdictSchema,
});
export type Trust = Readonly<v.InferOutput<typeof TrustSchema>>;

/** One line of an answer with `format=lines`: the share that is done, the document, or what ended it. */
export const ExplainLineSchema = v.union([
  v.object({ progress: v.number() }),
  v.object({
    document: v.object({
      attribution: v.optional(v.object({
        method: v.string(),
        class: v.object({ index: v.number(), label: v.string() }),
        trust: v.optional(TrustSchema),
      })),
    }),
  }),
  v.object({ code: v.picklist(ERROR_CODES), message: v.string(), words: v.string() }),
]);

/** True where a map would be nearly the same for any other class. */
export function isBlindToClass({ randomLogits }: Pick<Trust, "randomLogits">): boolean {
  return randomLogits !== null && randomLogits > BLIND_CORRELATION;
}
