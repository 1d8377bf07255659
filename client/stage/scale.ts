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

/** Cells that the percentile is taken of at most: of a map of the input's size every seventh or so is enough. */
const SAMPLED_CELLS = 8_192;

/** Gives the high percentile of a map's known cells in logits; of the magnitudes where the map is signed. */
export function highValue(values: Float32Array, signed: boolean): number {
  const stride = Math.ceil(values.length / SAMPLED_CELLS);
  const known = new Float32Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let i = 0; i < values.length; i += stride) {
    const value = values[i] ?? NaN;
    if (!Number.isNaN(value)) known[count++] = signed ? Math.abs(value) : value;
  }
  const sorted = known.subarray(0, count).sort();
  return sorted[Math.min(count - 1, Math.floor(FOLLOWED_SHARE * count))] ?? 0;
}

/** Follows the next map; the first one sets the scale, a map without evidence leaves it. */
export function follow(scale: Scale | null, high: number, nowMs: number): Scale | null {
  if (high <= 0) return scale === null ? null : { ...scale, moving: false, atMs: nowMs };
  if (scale === null) return { logits: high, moving: false, atMs: nowMs };
  const step = 1 - Math.exp(-Math.max(0, nowMs - scale.atMs) / TIME_CONSTANT_MS);
  const logits = scale.logits + step * (high - scale.logits);
  return { logits, moving: Math.abs(high - logits) > MOVING_SHARE * logits, atMs: nowMs };
}
