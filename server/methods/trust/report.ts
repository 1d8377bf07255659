/** What the trust meters say of one map. */
import type { TrustCurve } from "../../../shared/trust.ts";

/** Probability of the class while pixels are taken away or put back in the order of the map. */
export type Curve = TrustCurve;

/** The meters of one map (definitions in docs/methods.md). */
export interface TrustReport {
  /** Px taken away in falling order of the map; lower is better. */
  readonly deletion: Curve;
  /** Px put back into a blurred picture; higher is better. */
  readonly insertion: Curve;
  /** Share of the probability that is lost when only the map's pixels are left, 0…1. */
  readonly averageDrop: number;
  /** True where the class got more probable instead. */
  readonly increased: boolean;
  /** Rank correlation with the map of a network whose logits are random, −1…1; close to 1: blind to the class; null: there are none to draw. */
  readonly randomLogits: number | null;
  /** How far the method's sum misses the score, in the score's unit, or null where it does not claim to add up. */
  readonly completeness: number | null;
  /** What that sum is to be, in the score's unit, or null where the method does not claim to add up. */
  readonly total: number | null;
  /** Whether some of the map speaks for the class, and not all of it equally. */
  readonly evidence: boolean;
}
