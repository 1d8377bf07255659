/** The display scale of a stream: it follows the maps slowly, so that brightness means the same from map to map. */
import type { DisplayRange } from "../../shared/display_range.ts";

/** Time constant of the scale, in ms. */
const TIME_CONSTANT_MS = 2_000;

/** Distance from where it is going at which the scale counts as moving, as a share of its width. */
const MOVING_SHARE = 0.1;

/** The ends of the colours, in the map's unit, as they move over a stream. */
export interface Scale extends DisplayRange {
  /** True while the scale is still on its way. */
  readonly moving: boolean;
  readonly atMs: number;
}

/** Follows the next map's own range; the first one sets the scale, a map without one leaves it. */
export function follow(scale: Scale | null, range: DisplayRange | null, nowMs: number): Scale | null {
  if (range === null) return scale === null ? null : { ...scale, moving: false, atMs: nowMs };
  if (scale === null) return { ...range, moving: false, atMs: nowMs };
  const step = 1 - Math.exp(-Math.max(0, nowMs - scale.atMs) / TIME_CONSTANT_MS);
  const low = scale.low + step * (range.low - scale.low);
  const high = scale.high + step * (range.high - scale.high);
  return { low, high, moving: distance({ low, high }, range) > MOVING_SHARE, atMs: nowMs };
}

/** How far a scale is from a range, as a share of the scale's width. */
export function distance(scale: DisplayRange, { low, high }: DisplayRange): number {
  return Math.max(Math.abs(high - scale.high), Math.abs(low - scale.low)) / (scale.high - scale.low);
}
