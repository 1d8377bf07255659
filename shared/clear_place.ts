/** Whether a finished map singles out a place of the picture. Pure. */
import { type DisplayRange, displayRange, strengthOn } from "./display_range.ts";
import type { MapNature } from "./map_values.ts";
import { type Plane, resizeBilinear } from "./resize.ts";

/** What a map says about where the evidence lies. */
export type Clarity =
  /** It is strong in a part of the picture. */
  | "clear"
  /** It is about as strong nearly everywhere. */
  | "everywhere"
  /** It is strong at a few points alone. */
  | "points"
  /** What stands out is no more than its samples differ by chance. */
  | "noise";

/** Shares of the picture above half of the scale between which a map singles out a place. */
export const CLEAR_SHARES = { least: 0.05, most: 0.6 } as const;

/**
 * Standard errors between the ends of the scale that chance alone reaches: of a normal distribution 96 in 100 values lie
 * within 4.1 standard deviations. Below twice that a map is mostly grain.
 */
const GRAIN_ERRORS = 8.2;

/** Cells along a side at which a coarse map is looked at, enlarged as it is drawn. */
const LOOKED_AT_SIDE = 112;

/** What is looked at. */
export interface ClarityFacts {
  readonly nature: MapNature;
  /** Standard error of the map's cells, in its unit, or null where it is not known. */
  readonly standardError: number | null;
}

/** Judges a map on the scale that it alone would have; one without evidence is nowhere stronger than elsewhere. */
export function clarityOf(plane: Plane, { nature, standardError }: ClarityFacts): Clarity {
  const range = displayRange(plane.values, nature);
  if (range === null) return "everywhere";
  if (standardError !== null && range.high - range.low < GRAIN_ERRORS * standardError) return "noise";
  const share = shareAboveHalf(plane, range, nature.signed);
  return share < CLEAR_SHARES.least ? "points" : share > CLEAR_SHARES.most ? "everywhere" : "clear";
}

/** Share of the picture, 0…1, where the map is drawn above half of a scale, of either sign of a signed one. */
export function shareAboveHalf(plane: Plane, range: DisplayRange, signed: boolean): number {
  const isFine = plane.height >= LOOKED_AT_SIDE && plane.width >= LOOKED_AT_SIDE &&
    plane.extent === undefined;
  const values = !isFine
    ? resizeBilinear(plane, { height: LOOKED_AT_SIDE, width: LOOKED_AT_SIDE })
    : plane.values;
  let above = 0;
  for (const value of values) if (strengthOn(range, signed, value) > 0.5) above++;
  return above / values.length;
}

/** Says why a map singles out no place; of a clear one nothing. */
export function clarityWords(clarity: Clarity): string {
  switch (clarity) {
    case "clear":
      return "";
    case "everywhere":
      return "no clear place: most of the picture counts about the same";
    case "points":
      return "no clear place: only a few points stand out";
    case "noise":
      return "no clear place: the differences are within the sampling error";
    default: {
      const never: never = clarity;
      return never;
    }
  }
}
