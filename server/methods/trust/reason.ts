/**
 * What a map rests on: the class's probability with the map's strongest region hidden; and the small meter, three steps of
 * deletion against the same shapes elsewhere (PROTOCOL.md, S3 and S4).
 */
import type { MapValues, Reason } from "../../../shared/protocol.ts";
import { pixelsOf, placeName, pointedRegion, type Region } from "../../../shared/region.ts";
import type { Mask, Variation } from "../../engine/port.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";
import { predictionOf, probabilityOf, topClasses } from "../ranking.ts";
import { type InputSize, PxOrder } from "./_masks.ts";

/** Shares of the pixels that the small meter hides. */
export const METER_STEPS = [0.1, 0.2, 0.3] as const;

/** Below this probability a share of it says nothing. */
const LEAST_PROBABILITY = 1e-4;

/** Places that a shape may be moved to, as shares of the sides; of these the one with the least overlap is taken. */
const MOVES = [0.5, 0.25, 0.75].flatMap((y) => [0.5, 0.25, 0.75].map((x) => ({ x, y })));

/** What is measured. */
export interface ReasonFacts {
  readonly map: RawMap;
  readonly zero: MapValues["zero"];
  /** `[classes]` of the unchanged frame. */
  readonly logits: Float32Array;
  /** Which steps of the small meter are wanted too, by their places: two rows more for each. */
  readonly steps: readonly number[];
}

/** One step of the small meter: which shares of the probability go with the map's strongest pixels and with as many elsewhere. */
export interface MeterStep {
  /** Place in {@link METER_STEPS}. */
  readonly step: number;
  readonly drop: number;
  readonly random: number;
}

/** What was measured of one map. */
export interface MeasuredReason extends Omit<Reason, "meter"> {
  /** None where the class has hardly any probability to lose, or the map no evidence. */
  readonly steps: readonly MeterStep[];
}

/** The small meter: the mean of all its steps, or null where one of them is not known. */
export function meterOf(steps: readonly (MeterStep | null)[]): Reason["meter"] {
  const known = steps.filter((one) => one !== null);
  if (known.length < METER_STEPS.length) return null;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return { drop: mean(known.map(({ drop }) => drop)), random: mean(known.map(({ random }) => random)) };
}

/**
 * Measures a map in one row and two for each step of the meter, all in the lane `tile`; of a moving picture one after the
 * other. A map without evidence needs none.
 */
export function* reasonOf(
  { frame, model, still }: Pick<MethodContext, "frame" | "model" | "still">,
  { map, zero, logits, steps }: ReasonFacts,
): Generator<MethodStep, MeasuredReason, readonly GoodRow[]> {
  const region = pointedRegion(map, zero);
  const target = predictionOf(logits, model, map.classIndex);
  const first = predictionOf(logits, model, topClasses(logits, 1)[0] ?? map.classIndex);
  if (region === null) return { target, first, region: null, steps: [] };
  const measured = target.probability < LEAST_PROBABILITY ? [] : steps;
  const masks = [hiding(map, region, model), ...meterMasks(map, model, measured)];
  const [without = logits, ...rows] = yield* logitsOf(frame, masks, still);
  const drop = (row: Float32Array = logits) =>
    (target.probability - probabilityOf(row, map.classIndex, model.head)) / target.probability;
  const best = topClasses(without, 1)[0] ?? map.classIndex;
  return {
    target,
    first,
    region: {
      box: region.box,
      place: placeName(region.box),
      share: region.share,
      hidden: probabilityOf(without, map.classIndex, model.head),
      takesOver: best === map.classIndex ? null : predictionOf(without, model, best),
    },
    steps: measured.map((step, place) => ({
      step,
      drop: drop(rows[2 * place]),
      random: drop(rows[2 * place + 1]),
    })),
  };
}

/** The logits with each of these masks, what is hidden grey. */
function* logitsOf(
  frame: number,
  masks: readonly Mask[],
  still: boolean,
): Generator<MethodStep, readonly Float32Array[], readonly GoodRow[]> {
  const probes = masks.map((mask) => ({
    frame,
    variation: { kind: "mix", mask, base: "grey" } satisfies Variation,
    want: { kind: "logits" } as const,
  }));
  const logits: Float32Array[] = [];
  for (const group of still ? [probes] : probes.map((probe) => [probe])) {
    const rows = yield { kind: "probes", lane: "tile", probes: group };
    logits.push(...rows.map((row) => row.logits));
  }
  return logits;
}

/** A mask that hides the cells of a region, pixel by pixel. */
function hiding(map: RawMap, { cells }: Region, { height, width }: InputSize): Mask {
  const pixels = pixelsOf(map, cells, { height, width });
  return { height, width, values: Float32Array.from(pixels, (pixel) => 1 - pixel) };
}

/** For each step its mask and the same moved elsewhere. */
function meterMasks(
  map: RawMap,
  { height, width }: InputSize,
  steps: readonly number[],
): readonly Mask[] {
  if (steps.length === 0) return [];
  const order = new PxOrder(map, { height, width });
  return steps.flatMap((step) => {
    const mask = order.mask(METER_STEPS[step] ?? 0, 0);
    return [mask, elsewhere(mask)];
  });
}

/** The same shape where it overlaps least with itself; what leaves the picture on one side comes in on the other. */
function elsewhere(mask: Mask): Mask {
  let best = { mask, overlap: Infinity };
  for (const { x, y } of MOVES) {
    const moved = shifted(mask, Math.round(x * mask.width), Math.round(y * mask.height));
    const overlap = moved.values.reduce((sum, one, at) => sum + (1 - one) * (1 - (mask.values[at] ?? 1)), 0);
    if (overlap < best.overlap) best = { mask: moved, overlap };
  }
  return best.mask;
}

function shifted({ height, width, values }: Mask, across: number, down: number): Mask {
  const moved = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      moved[((y + down) % height) * width + (x + across) % width] = values[y * width + x] ?? 1;
    }
  }
  return { height, width, values: moved };
}
