/**
 * What deletion and insertion give for orders of the pixels that know nothing of the picture: random cells of the map's size,
 * and from the picture's centre outwards. The centre's rows are the same for every map of a picture, random ones for every map
 * with as many cells: who explains several maps computes them once.
 */
import { BASELINES, type TrustBaseline } from "../../../shared/trust.ts";
import { areaOf } from "../../../shared/trust_verdict.ts";
import type { Plane } from "../../../shared/resize.ts";
import { MAX_BATCH_ROWS, type Variation } from "../../engine/port.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";
import { probabilityOf } from "../ranking.ts";
import { uniform } from "../../engine/worker/input/noise.ts";
import { type InputSize, PxOrder } from "./_masks.ts";
import type { TrustReport } from "./report.ts";

/** Steps of a baseline's curve: every fourth one of a map's. */
export const BASELINE_STEPS = 7;

/** Both baselines of a map. */
export type Baselines = { readonly [Name in typeof BASELINES[number]]: TrustBaseline };

/**
 * Measures both in 24 rows, all in the lane `tile`; the ends of the curves are those of the map's own ones.
 *
 * @param meters of the map
 */
export function* baselinesOf(
  { frame, model }: Pick<MethodContext, "frame" | "model">,
  map: RawMap,
  meters: Pick<TrustReport, "deletion" | "insertion">,
  onProgress: (share: number) => void = () => {},
): Generator<MethodStep, Baselines, readonly GoodRow[]> {
  const centre = new PxOrder(centrePlane(model), model);
  // Each step has cells of its own, so that the curve is one of several random maps and not the luck of a single one.
  const random = inner().map((step) => new PxOrder(randomPlane(map, step), model));
  const variations = [
    ...random.flatMap((order, at) => bothAt(order, at + 1)),
    ...inner().flatMap((step) => bothAt(centre, step)),
  ];
  const probabilities: number[] = [];
  for (let first = 0; first < variations.length; first += MAX_BATCH_ROWS) {
    const probes = variations.slice(first, first + MAX_BATCH_ROWS)
      .map((variation) => ({ frame, variation: variation(), want: { kind: "logits" } as const }));
    const rows = yield { kind: "probes", lane: "tile", probes };
    probabilities.push(...rows.map(({ logits }) => probabilityOf(logits, map.classIndex, model.head)));
    onProgress(probabilities.length / variations.length);
  }
  const half = probabilities.length / 2;
  return {
    random: curves(probabilities.slice(0, half), meters),
    centre: curves(probabilities.slice(half), meters),
  };
}

/** The steps between the ends. */
function inner(): number[] {
  return Array.from({ length: BASELINE_STEPS - 1 }, (_, at) => at + 1);
}

/** Deletion and insertion at one step. */
function bothAt(order: PxOrder, step: number): readonly (() => Variation)[] {
  const share = step / BASELINE_STEPS;
  return [
    () => ({ kind: "mix", mask: order.mask(share, 0), base: "grey" }),
    () => ({ kind: "mix", mask: order.mask(share, 1), base: "blur" }),
  ];
}

/** Deletion and insertion in turns, with the ends of a map's curves. */
function curves(
  inTurns: readonly number[],
  { deletion, insertion }: Pick<TrustReport, "deletion" | "insertion">,
): TrustBaseline {
  const within = (place: 0 | 1, { probabilities }: TrustReport["deletion"]) => {
    const all = [
      probabilities[0] ?? NaN,
      ...inTurns.filter((_one, at) => at % 2 === place),
      probabilities.at(-1) ?? NaN,
    ];
    return { auc: areaOf(all), probabilities: all };
  };
  return { deletion: within(0, deletion), insertion: within(1, insertion) };
}

/** Largest in the middle of the input. */
function centrePlane({ height, width }: InputSize): Plane {
  const values = new Float32Array(height * width);
  for (let at = 0; at < values.length; at++) {
    values[at] = -Math.hypot(at % width - (width - 1) / 2, Math.floor(at / width) - (height - 1) / 2);
  }
  return { height, width, values };
}

/** As many cells as a map has, where its cells lie. */
function randomPlane({ height, width, extent }: RawMap, seed: number): Plane {
  return {
    height,
    width,
    values: Float32Array.from({ length: height * width }, (_, at) => uniform(seed, at)),
    ...(extent === undefined ? {} : { extent }),
  };
}
