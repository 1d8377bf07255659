/** All trust meters of one map, over the same probes as the methods. */
import type { GoodRow, Method, MethodContext, MethodStep, RawMap } from "../method.ts";
import { perturbations } from "./_perturbation.ts";
import { randomLogitsCorrelation } from "./_random_logits.ts";
import { checkMeasurable } from "./measurable.ts";
import type { TrustReport } from "./report.ts";

/** Share of the progress that the perturbations take; the rest is the method's second run. */
const PERTURBATIONS_SHARE = 0.5;

/**
 * Measures how far a map can be trusted, in 58 rows and once more what the method itself costs. Yields probes only:
 * the unchanged frame in the lane `frame`, all others in the lane `tile`.
 *
 * @param context what the map was made with
 * @param onProgress receives the share that is done, 0…1
 * @throws GradcastError `bad-option` where the map is no map of the picture
 */
export function* trustOf(
  method: Method,
  context: MethodContext,
  map: RawMap,
  onProgress: (share: number) => void = () => {},
): Generator<MethodStep, TrustReport, readonly GoodRow[]> {
  checkMeasurable(method);
  const perturbed = yield* perturbations(
    context,
    map,
    (share) => onProgress(share * PERTURBATIONS_SHARE),
  );
  const randomLogits = yield* randomLogitsCorrelation(
    method,
    context,
    map,
    (share) => onProgress(PERTURBATIONS_SHARE + share * (1 - PERTURBATIONS_SHARE)),
  );
  return {
    ...perturbed,
    randomLogits,
    completeness: map.completeness ?? null,
    total: map.total ?? null,
    evidence: hasEvidence(map, method),
  };
}

/** Whether some of the map speaks for the class, and not all of it equally. */
function hasEvidence({ values }: RawMap, { values: { zero } }: Method): boolean {
  const [first = 0] = values;
  return values.some((value) => value !== first) &&
    (zero === "arbitrary" || values.some((value) => value > 0));
}
