/** How a picture's trust meters are sent while they are computed: lines of JSON over HTTP (PROTOCOL.md, A11). */
import * as v from "valibot";
import { ERROR_CODES } from "./errors.ts";

/** A map that keeps a higher rank correlation than this under random logits does not depend on the class. */
export const BLIND_CORRELATION = 0.9;

const Curve = v.object({
  /** Area under the curve, 0…1. */
  auc: v.number(),
  /** Probability of the class at each step, the first before any pixels changed. */
  probabilities: v.array(v.number()),
});

/** The meters of one map. */
export const TrustSchema = v.object({
  deletion: Curve,
  insertion: Curve,
  /** Share of the probability that is lost when only the map's pixels are left, 0…1. */
  averageDrop: v.number(),
  /** True where the class got more probable instead. */
  increased: v.boolean(),
  /** Rank correlation with the map under random logits, −1…1. */
  randomLogits: v.number(),
  /** How far the method's sum misses the score, in the score's unit, or null where it does not claim to add up. */
  completeness: v.nullable(v.number()),
});
export type Trust = v.InferOutput<typeof TrustSchema>;

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
  return randomLogits > BLIND_CORRELATION;
}
