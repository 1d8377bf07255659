/** The display scale of a stream: it follows the maps slowly, so that brightness means the same from map to map. */
import { type DisplayRange, union } from "./display_range.ts";

/** Time constant of the scale, in ms. */
const TIME_CONSTANT_MS = 2_000;

/** Distances from where it is going at which the scale begins and ceases to count as moving, as shares of its width. */
const FAR_SHARE = 0.4;
const NEAR_SHARE = 0.1;

/** How long it has to be far before the page says so, and how long it says so at least, in ms. */
const FAR_FOR_MS = 600;
const TOLD_FOR_MS = 2_000;

/** Share of a map's cells below which those that are known say nothing of how low the scale may be. */
const TELLING_SHARE = 0.5;

/** The ends of the colours, in the map's unit, as they move over a stream. */
export interface Scale extends DisplayRange {
  /** True while the page says that the scale is still on its way. */
  readonly moving: boolean;
  readonly atMs: number;
  /** Since when it has been moving; of one that is not, since when it has been far from its map, if it is. */
  readonly sinceMs?: number;
}

/**
 * Follows the next map's own range; the first one sets the scale, a map without one leaves it.
 *
 * @param known share of the map's cells that are known: the scale of a map that still grows takes each new cell in at
 *   once, as no later map corrects it, and does not sink before half of the map is there
 */
export function follow(
  scale: Scale | null,
  range: DisplayRange | null,
  nowMs: number,
  known = 1,
): Scale | null {
  if (scale === null) return range === null ? null : { ...range, moving: false, atMs: nowMs };
  const from = range === null || known === 1 ? scale : union(scale, range);
  const to = range === null || known < TELLING_SHARE ? from : range;
  const step = 1 - Math.exp(-Math.max(0, nowMs - scale.atMs) / TIME_CONSTANT_MS);
  const low = from.low + step * (to.low - from.low);
  const high = from.high + step * (to.high - from.high);
  return { low, high, ...moves(scale, distance({ low, high }, to), nowMs), atMs: nowMs };
}

/** How far a scale is from a range, as a share of the scale's width. */
export function distance(scale: DisplayRange, { low, high }: DisplayRange): number {
  return Math.max(Math.abs(high - scale.high), Math.abs(low - scale.low)) / (scale.high - scale.low);
}

/** Whether the page says so: late and long enough that the words do not blink with every map. */
function moves({ moving, sinceMs }: Scale, by: number, nowMs: number): Pick<Scale, "moving" | "sinceMs"> {
  if (moving) {
    const ends = by < NEAR_SHARE && nowMs - (sinceMs ?? nowMs) >= TOLD_FOR_MS;
    return ends ? { moving: false } : { moving: true, sinceMs: sinceMs ?? nowMs };
  }
  if (by < FAR_SHARE) return { moving: false };
  const farSinceMs = sinceMs ?? nowMs;
  return nowMs - farSinceMs < FAR_FOR_MS
    ? { moving: false, sinceMs: farSinceMs }
    : { moving: true, sinceMs: nowMs };
}
