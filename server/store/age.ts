/**
 * Age that a wrong wall clock cannot make up.
 *
 * The server counts the time that it was up and watching, over all its runs. What is kept is stamped with that count, not
 * with the wall clock. A history of what the wall clock said at which count says how old a stamp is at least: by the
 * lowest wall clock of the last day of the count, less the highest one of the day that followed the stamp. A clock that is
 * wrong for less than a day, ahead or behind, therefore makes nothing look older than it is. Pure.
 */

/** How long a wall clock has to say the same until it is believed, in ms of the count. */
export const BELIEVED_AFTER_MS = 86_400_000;

/** The most that one reading adds to the count, in ms: what lies further back was not watched. */
export const MAX_STEP_MS = 10 * 60_000;

/** How much the wall clock may differ within one phase, in ms. */
const PHASE_SPREAD_MS = 60_000;

/** Phases that are remembered; beyond that those are joined that differ least. */
const MAX_PHASES = 256;

/** A stretch of the count in which the wall clock ran along. */
export interface ClockPhase {
  /** First and last reading, in ms of the count. */
  readonly fromUpMs: number;
  readonly toUpMs: number;
  /** Least and greatest of what the wall clock (ms since 1970) was ahead of the count. */
  readonly lowMs: number;
  readonly highMs: number;
}

/** What the wall clock said so far, the oldest first. */
export type ClockHistory = readonly ClockPhase[];

/** The history before any reading. */
export const NO_HISTORY: ClockHistory = [];

/** The count at the last reading, in ms: the stamp of what is made now. */
export function upOf(history: ClockHistory): number {
  return history.at(-1)?.toUpMs ?? 0;
}

/**
 * The history after another reading.
 *
 * @param wallMs the wall clock, in ms since 1970
 * @param sinceMs ms of the monotonic clock since the reading before, 0 for the first one of a run
 */
export function readClock(history: ClockHistory, wallMs: number, sinceMs: number): ClockHistory {
  const upMs = upOf(history) + Math.min(Math.max(sinceMs, 0), MAX_STEP_MS);
  const aheadMs = wallMs - upMs;
  const reading: ClockPhase = { fromUpMs: upMs, toUpMs: upMs, lowMs: aheadMs, highMs: aheadMs };
  const last = history.at(-1);
  if (last === undefined) return [reading];
  const joined = join(last, reading);
  return spreadOf(joined) <= PHASE_SPREAD_MS
    ? [...history.slice(0, -1), joined]
    : shorten([...history, reading]);
}

/**
 * The stamp before which everything is older than `ageMs`, whatever the wall clock says now; −Infinity where nothing
 * is, or the server was not up for a day yet.
 */
export function olderThan(history: ClockHistory, ageMs: number): number {
  const dayAgo = upOf(history) - BELIEVED_AFTER_MS;
  if ((history[0]?.fromUpMs ?? 0) > dayAgo) return -Infinity;
  const recent = history.filter(({ toUpMs }) => toUpMs >= dayAgo);
  const limitMs = upOf(history) + Math.min(...recent.map(({ lowMs }) => lowMs)) - ageMs;
  let found = -Infinity;
  let leftUpMs = -Infinity;
  // Every window of a day that begins at `from` holds the phases first…last; its highest clock is the latest that the
  // stamp at its beginning can be of, and so are the stamps before it.
  for (const [first, { toUpMs }] of history.entries()) {
    let highMs = -Infinity;
    for (let last = first; last < history.length; last++) {
      highMs = Math.max(highMs, history[last]?.highMs ?? -Infinity);
      const next = history[last + 1]?.fromUpMs ?? Infinity;
      const enters = last === first ? -Infinity : (history[last]?.fromUpMs ?? 0) - BELIEVED_AFTER_MS;
      const from = Math.max(leftUpMs, enters);
      const to = Math.min(toUpMs, next - BELIEVED_AFTER_MS, dayAgo, limitMs - highMs);
      if (to > from) found = Math.max(found, to);
    }
    leftUpMs = toUpMs;
  }
  return found;
}

/**
 * The stamp of something from before the first reading that is dated by the wall clock of its time, in ms since 1970; it
 * counts as no younger than the reading.
 */
export function stampOfDate(history: ClockHistory, dateMs: number): number {
  const first = history[0];
  return first === undefined ? 0 : Math.min(first.fromUpMs, dateMs - first.highMs);
}

function join(one: ClockPhase, other: ClockPhase): ClockPhase {
  return {
    fromUpMs: one.fromUpMs,
    toUpMs: other.toUpMs,
    lowMs: Math.min(one.lowMs, other.lowMs),
    highMs: Math.max(one.highMs, other.highMs),
  };
}

function spreadOf({ lowMs, highMs }: ClockPhase): number {
  return highMs - lowMs;
}

/** Joins the two neighbours that differ least where there are too many: what is joined only counts as younger. */
function shorten(history: ClockHistory): ClockHistory {
  if (history.length <= MAX_PHASES) return history;
  let [at, least] = [0, Infinity];
  for (const [place, phase] of history.entries()) {
    const next = history[place + 1];
    const spread = next === undefined ? Infinity : spreadOf(join(phase, next));
    if (spread < least) [at, least] = [place, spread];
  }
  return history.flatMap((phase, place) => {
    const next = history[place + 1];
    if (place === at + 1) return [];
    return [place === at && next !== undefined ? join(phase, next) : phase];
  });
}
