/**
 * Meters that change the picture where the map says so and watch the probability: deletion and insertion
 * (Petsiuk et al. 2018, https://arxiv.org/abs/1806.07421), average drop and increase in confidence
 * (Chattopadhay et al. 2018, https://arxiv.org/abs/1710.11063).
 */
import { type Mask, MAX_BATCH_ROWS, type Variation } from "../../engine/port.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";
import { probabilityOf } from "../ranking.ts";
import { areaOf } from "../../../shared/trust_verdict.ts";
import { maskOf, PxOrder } from "./_masks.ts";
import type { Curve, TrustReport } from "./report.ts";

/** Steps from the first picture of a curve to its last one. */
export const CURVE_STEPS = 28;

/** What the perturbations tell. */
export type PerturbationReport = Pick<TrustReport, "deletion" | "insertion" | "averageDrop" | "increased">;

/** Measures a map by {@link CURVE_STEPS} rows for each curve, one for the drop and one for the unchanged frame. */
export function* perturbations(
  { frame, model }: MethodContext,
  map: RawMap,
  onProgress: (share: number) => void,
): Generator<MethodStep, PerturbationReport, readonly GoodRow[]> {
  const order = new PxOrder(map, model);
  // The unchanged frame is one end of both curves; every other picture differs.
  const variations: (() => Variation)[] = [
    ...steps(1, CURVE_STEPS + 1).map((share) => () => mix(order.mask(share, 0), "grey")),
    ...steps(0, CURVE_STEPS).map((share) => () => mix(order.mask(share, 1), "blur")),
    () => mix(maskOf(map, model), "grey"),
  ];
  const want = { kind: "logits" } as const;
  const [unchanged] = yield {
    kind: "probes",
    lane: "frame",
    probes: [{ frame, variation: { kind: "none" }, want }],
  };
  const whole = unchanged === undefined ? NaN : probabilityOf(unchanged.logits, map.classIndex, model.head);
  const varied: number[] = [];
  for (let first = 0; first < variations.length; first += MAX_BATCH_ROWS) {
    const probes = variations.slice(first, first + MAX_BATCH_ROWS)
      .map((variation) => ({ frame, variation: variation(), want }));
    const rows = yield { kind: "probes", lane: "tile", probes };
    varied.push(...rows.map(({ logits }) => probabilityOf(logits, map.classIndex, model.head)));
    onProgress(varied.length / variations.length);
  }
  const explained = varied.at(-1) ?? NaN;
  return {
    deletion: curveOf([whole, ...varied.slice(0, CURVE_STEPS)]),
    insertion: curveOf([...varied.slice(CURVE_STEPS, -1), whole]),
    averageDrop: whole > 0 ? Math.max(0, whole - explained) / whole : 0,
    increased: explained > whole,
  };
}

/** Shares of the pixels from step `first` to the one before `end`. */
function steps(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => (first + index) / CURVE_STEPS);
}

function mix(mask: Mask, base: "grey" | "blur"): Variation {
  return { kind: "mix", mask, base };
}

function curveOf(probabilities: readonly number[]): Curve {
  return { auc: areaOf(probabilities), probabilities };
}
