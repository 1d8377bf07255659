/** When each moment begins in a film of a part of the timeline. Pure. */
import type { Gap } from "./bands.ts";
import type { Moment } from "./moment.ts";

/** Longest time for which nothing was seen that the film has too, in s: of an interruption the rest is left out. */
const LONGEST_STEP_S = 1;

/** How long the last picture stays at least, in s. */
const LAST_S = 0.2;

/** Times of a film, in s. */
export interface FilmTimes {
  /** When each moment begins. */
  readonly begins: readonly number[];
  readonly endS: number;
}

/** Returns the times of moments that hold in a part of the timeline; one of a picture that stood still stays as long as it held. */
export function filmTimes(moments: readonly Pick<Moment, "atMs" | "untilMs">[], part: Gap): FilmTimes {
  let endS = 0;
  const begins = moments.map((moment, place) => {
    const before = moments[place - 1];
    if (before !== undefined) {
      endS += heldS(before, part) +
        Math.min(LONGEST_STEP_S, Math.max(0, moment.atMs - before.untilMs) / 1_000);
    }
    return endS;
  });
  const last = moments.at(-1);
  return { begins, endS: last === undefined ? 0 : endS + Math.max(LAST_S, heldS(last, part)) };
}

/** For how long of a part a moment is known to hold, in s. */
function heldS({ atMs, untilMs }: Pick<Moment, "atMs" | "untilMs">, { fromMs, toMs }: Gap): number {
  return Math.max(0, Math.min(untilMs, toMs) - Math.max(atMs, fromMs)) / 1_000;
}

/** The moments that hold at some time of a part. */
export function momentsIn(moments: readonly Moment[], { fromMs, toMs }: Gap): readonly Moment[] {
  return moments.filter(({ atMs, untilMs }) => atMs <= toMs && Math.max(atMs, untilMs) >= fromMs);
}
