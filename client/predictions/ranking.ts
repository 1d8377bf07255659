/** The ranking on screen: its order changes at most twice a second, its numbers with every call. */
import type { Prediction } from "../../shared/protocol.ts";

/** Shortest time between two changes of the order, in ms. */
export const SWAP_PAUSE_MS = 500;

/** A class has to lead by this much to overtake another, as a probability. */
const LEAD = 0.002;

/** What is on screen. */
export interface Ranking {
  readonly rows: readonly Prediction[];
  /** When the order changed last, in ms. */
  readonly swappedMs: number;
  /** True while a newer order waits for its turn. */
  readonly pending: boolean;
}

/** The ranking before the first result. */
export const NO_RANKING: Ranking = { rows: [], swappedMs: -Infinity, pending: false };

/** Takes the newest predictions, best first. */
export function settle(shown: Ranking, newest: readonly Prediction[], nowMs: number): Ranking {
  const numbers = new Map(newest.map((row) => [row.index, row]));
  const kept = shown.rows.map((row) => numbers.get(row.index) ?? row);
  const sameClasses = kept.length === newest.length && kept.every((row) => numbers.has(row.index));
  if (sameClasses && isOrdered(kept)) return { ...shown, rows: kept, pending: false };
  if (nowMs - shown.swappedMs >= SWAP_PAUSE_MS) return { rows: newest, swappedMs: nowMs, pending: false };
  // A row that left the ranking has no newer number than the smallest that stayed in it.
  const least = Math.min(...newest.map((row) => row.probability));
  const rows = kept.map((row) =>
    numbers.has(row.index) ? row : { ...row, probability: Math.min(row.probability, least) }
  );
  return { ...shown, rows, pending: true };
}

function isOrdered(rows: readonly Prediction[]): boolean {
  return rows.every((row, at) => row.probability - (rows[at - 1]?.probability ?? 1) <= LEAD);
}
