/** How often somebody may do something: a bucket that fills by itself and is emptied by each time. Pure. */

/** What a bucket allows. */
export interface RateLimit {
  /** How many in a second, for as long as one likes. */
  readonly perSecond: number;
  /** How many at once, after a rest. */
  readonly atOnce: number;
  /** How many of those that were refused are borne before the sender is given up. */
  readonly excess: number;
}

/** What is left; below zero after refusals, so that who does not stop is refused on and on. */
export interface Bucket {
  readonly left: number;
  /** When that was so, in ms of the clock that also times the next draw. */
  readonly atMs: number;
}

/** Whether one more is taken, refused, or refused once too often. */
export type Drawn = "taken" | "refused" | "given-up";

/** Returns a bucket from which nothing was drawn yet. */
export function fullBucket({ atOnce }: RateLimit, nowMs: number): Bucket {
  return { left: atOnce, atMs: nowMs };
}

/** Draws one at `nowMs`; time that runs backwards fills nothing. */
export function draw(
  bucket: Bucket,
  { perSecond, atOnce, excess }: RateLimit,
  nowMs: number,
): { readonly bucket: Bucket; readonly drawn: Drawn } {
  const filled = bucket.left + Math.max(0, nowMs - bucket.atMs) * perSecond / 1_000;
  const left = Math.min(atOnce, filled) - 1;
  return {
    bucket: { left, atMs: nowMs },
    drawn: left >= 0 ? "taken" : left >= -excess ? "refused" : "given-up",
  };
}
