/** What the trust meters of a map come to, in one of three words (PROTOCOL.md, A15). Pure. */
import { BASELINES, isBlindToClass, type Trust, type TrustCurve, type TrustVerdict } from "./trust.ts";

/** Below this probability of the class the curves show nothing. */
export const LEAST_PROBABILITY = 1e-3;

/** Share of the score that a map may miss at most, where it claims to add up to it. */
export const MOST_MISSED = 0.5;

/**
 * How much more a map has to gain than each baseline, as a share of the class's probability. With these, 4 of 54 random maps
 * are called good for the first class, and Grad-CAM on 4 of 6 pictures (docs/methods.md).
 */
export const LEAST_ADVANTAGE = { random: 0.25, centre: 0.05 } as const;

/** What is judged. */
export type Meters = Omit<Trust, "verdict" | "averageDrop" | "increased">;

/** Judges a map: the first meter that fails decides; where none does, the curve with the larger advantage. */
export function verdictOf(meters: Meters): TrustVerdict {
  const { evidence, deletion, completeness, total } = meters;
  const because = (meter: TrustVerdict["because"]): TrustVerdict => ({
    kind: "doubtful",
    because: meter,
    against: null,
  });
  if (!evidence) return because("evidence");
  if (isBlindToClass(meters)) return { ...because("random-logits"), kind: "class-independent" };
  if (completeness !== null && total !== null && Math.abs(completeness) > MOST_MISSED * Math.abs(total)) {
    return because("completeness");
  }
  const whole = deletion.probabilities[0] ?? 0;
  return whole < LEAST_PROBABILITY ? because("probability") : byCurves(meters, whole);
}

/** What a map's curves gain over one baseline's, as areas: how much lower deletion lies, how much higher insertion. */
function advantages({ deletion, insertion, baselines }: Meters, name: typeof BASELINES[number]) {
  const other = baselines[name];
  return {
    name,
    deletion: other.deletion.auc - areaLike(deletion, other.deletion),
    insertion: areaLike(insertion, other.insertion) - other.insertion.auc,
  };
}

function byCurves(meters: Meters, whole: number): TrustVerdict {
  if (meters.insertion.auc <= meters.deletion.auc) {
    return { kind: "doubtful", because: "deletion", against: null };
  }
  const all = BASELINES.map((name) => {
    const won = advantages(meters, name);
    return { ...won, short: LEAST_ADVANTAGE[name] * whole - (won.deletion + won.insertion) };
  });
  const [nearest = null] = all.toSorted((a, b) => b.short - a.short);
  const isGood = all.every(({ short }) => short <= 0);
  if (nearest === null) return { kind: "doubtful", because: "deletion", against: null };
  const isByDeletion = (nearest.deletion >= nearest.insertion) === isGood;
  return {
    kind: isGood ? "good" : "doubtful",
    because: isByDeletion ? "deletion" : "insertion",
    against: nearest.name,
  };
}

/** The area below a curve by as many steps as another one has, so that both have the same error. */
export function areaLike({ auc, probabilities }: TrustCurve, like: TrustCurve): number {
  const [steps, wanted] = [probabilities.length - 1, like.probabilities.length - 1];
  if (wanted < 1 || steps % wanted !== 0) return auc;
  return areaOf(probabilities.filter((_one, step) => step % (steps / wanted) === 0));
}

/** Area by trapezoids over equal steps of the share of pixels, 0…1. */
export function areaOf(probabilities: readonly number[]): number {
  const sum = probabilities.reduce((a, b) => a + b, 0);
  const ends = (probabilities[0] ?? NaN) + (probabilities.at(-1) ?? NaN);
  return (sum - ends / 2) / (probabilities.length - 1);
}
