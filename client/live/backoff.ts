/** First pause before a new attempt to connect, in ms. */
export const FIRST_PAUSE_MS = 250;

/** Longest pause before a new attempt, in ms. */
export const LONGEST_PAUSE_MS = 5_000;

/**
 * Gives the pause before the next attempt in ms: doubling, with jitter so that viewers do not all come back at once.
 *
 * @param attempt attempts that failed in a row, 0 or more
 * @param random a number in 0…1
 */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  return Math.round(ceiling * (0.5 + 0.5 * random));
}
