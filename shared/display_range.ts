/** Which values of a map get which colour: one rule for the page, recordings, reports and pictures. Pure. */
import type { MapNature } from "./map_values.ts";

/** The ends of a display scale, in the map's own unit; `low` is below `high`. */
export interface DisplayRange {
  /** Value that gets the first colour: 0, −`high` for a signed map, the map's own low end where zero means nothing. */
  readonly low: number;
  /** Value that gets the full colour. */
  readonly high: number;
}

/**
 * Share of a map's cells that may lie above its scale, and below it where the map has a low end of its own: the outlier
 * percentile of 2 that Captum's pictures have by default. It keeps single pixels from making all others dark.
 */
const BEYOND_SHARE = 0.02;

/** Cells that are looked at, at most: of a map of the input's size every seventh or so is enough. */
const SAMPLED_CELLS = 8_192;

/** Values up to this are rounding, not evidence, in the map's unit. */
const NO_EVIDENCE = 1e-6;

/** The scale that a map alone would have; null where there is nothing to see. NaN cells are unknown and left out. */
export function displayRange(values: Float32Array, { signed, zero, range }: MapNature): DisplayRange | null {
  if (range !== null) return range;
  const sorted = sampled(values, signed);
  const outer = sorted[Math.min(sorted.length - 1, Math.floor((1 - BEYOND_SHARE) * sorted.length))] ?? 0;
  // Of a map that is zero but for a few points, these are what is to be seen.
  const high = outer > 0 || zero === "arbitrary" ? outer : largest(values, signed);
  if (zero === "nothing" && high <= NO_EVIDENCE) return null;
  if (signed) return high > 0 ? { low: -high, high } : null;
  const low = zero === "nothing" ? 0 : sorted[Math.floor(BEYOND_SHARE * sorted.length)] ?? 0;
  return high > low ? { low, high } : null;
}

/** The range that holds both. */
export function union(a: DisplayRange, b: DisplayRange): DisplayRange {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** Place of a value on a scale, 0…1; of a signed scale, zero is at ½. */
export function placeOn({ low, high }: DisplayRange, value: number): number {
  return high === low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** How much a value counts on a scale, 0…1, of a signed one whichever its sign. */
export function strengthOn(range: DisplayRange, signed: boolean, value: number): number {
  const place = placeOn(range, value);
  return signed ? Math.abs(2 * place - 1) : place;
}

/** True where the known cells hold no evidence at all: nothing above zero, of a signed map nothing but zero. */
export function isWithoutEvidence(values: Float32Array, { signed, zero }: MapNature): boolean {
  if (zero === "arbitrary" && !signed) return false;
  return !values.some((value) => (signed ? Math.abs(value) : value) > NO_EVIDENCE);
}

/** Strength below which nobody sees a colour on the picture: a thirtieth of the full one's opacity. */
const FAINT_STRENGTH = 1 / 30;

/** True where no known cell is strong enough on a scale to be seen; never of a map whose zero is as good as any number. */
export function isColourless(
  values: Float32Array,
  { signed, zero }: MapNature,
  range: DisplayRange,
): boolean {
  if (zero === "arbitrary" && !signed) return false;
  return !values.some((value) => !Number.isNaN(value) && strengthOn(range, signed, value) >= FAINT_STRENGTH);
}

/** Known cells, evenly chosen and in rising order; of a signed map their magnitudes. */
function sampled(values: Float32Array, signed: boolean): Float32Array {
  let stride = Math.ceil(values.length / SAMPLED_CELLS);
  // One that divides the number of cells may run down the same columns over and over.
  while (stride > 1 && values.length % stride === 0) stride++;
  const known = new Float32Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let at = 0; at < values.length; at += stride) {
    const value = values[at] ?? NaN;
    if (!Number.isNaN(value)) known[count++] = signed ? Math.abs(value) : value;
  }
  return known.subarray(0, count).sort();
}

function largest(values: Float32Array, signed: boolean): number {
  let most = 0;
  for (const value of values) {
    most = Math.max(most, Number.isNaN(value) ? 0 : signed ? Math.abs(value) : value);
  }
  return most;
}
