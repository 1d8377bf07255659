/** The display scale of a stream: it follows the maps slowly, so that brightness means the same from map to map. */

/** Time constant of the scale, in ms. */
const TIME_CONSTANT_MS = 2_000;

/** The value of a map that the scale follows: this share of its cells lies below it. */
const FOLLOWED_SHARE = 0.99;

/** Relative distance from where it is going at which the scale counts as moving. */
const MOVING_SHARE = 0.1;

/** The value, in logits, that gets the full colour. */
export interface Scale {
  readonly logits: number;
  /** True while the scale is still on its way. */
  readonly moving: boolean;
  readonly atMs: number;
}

/** Gives the high percentile of a map's known cells in logits; of the magnitudes where the map is signed. */
export function highValue(values: Float32Array, signed: boolean): number {
  const known: number[] = [];
  for (const value of values) {
    if (!Number.isNaN(value)) known.push(signed ? Math.abs(value) : value);
  }
  known.sort((a, b) => a - b);
  return known[Math.min(known.length - 1, Math.floor(FOLLOWED_SHARE * known.length))] ?? 0;
}

/** Follows the next map; the first one sets the scale, a map without evidence leaves it. */
export function follow(scale: Scale | null, high: number, nowMs: number): Scale | null {
  if (high <= 0) return scale === null ? null : { ...scale, moving: false, atMs: nowMs };
  if (scale === null) return { logits: high, moving: false, atMs: nowMs };
  const step = 1 - Math.exp(-Math.max(0, nowMs - scale.atMs) / TIME_CONSTANT_MS);
  const logits = scale.logits + step * (high - scale.logits);
  return { logits, moving: Math.abs(high - logits) > MOVING_SHARE * logits, atMs: nowMs };
}
