/** The predictions on screen: brought up to date at most eight times a second. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Prediction, Result } from "../../shared/protocol.ts";
import { NO_RANKING, type Ranking, settle, SWAP_PAUSE_MS } from "./ranking.ts";

/** Shortest time between two updates, in ms. */
const UPDATE_PAUSE_MS = 125;

/** What the list of predictions shows. */
export interface BoardState {
  readonly ranking: Ranking;
  /** The class that the map explains; null before the first result. */
  readonly target: Prediction | null;
  /** Computing time of the last batch in ms; null before the first result. */
  readonly computeMs: number | null;
}

/** The list of predictions. */
export interface Board {
  readonly state: ReadonlySignal<BoardState>;
  take(result: Result): void;
  dispose(): void;
}

/** Makes an empty list. */
export function createBoard(): Board {
  const state = signal<BoardState>({ ranking: NO_RANKING, target: null, computeMs: null });
  let newest: Result | null = null;
  let updatedMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(): void {
    timer = undefined;
    if (newest === null) return;
    const nowMs = performance.now();
    updatedMs = nowMs;
    const ranking = settle(state.value.ranking, newest.predictions, nowMs);
    state.value = { ranking, target: newest.target, computeMs: newest.times.compute };
    // A picture that is sent once has no later result that would bring the order in.
    if (ranking.pending) timer = setTimeout(update, SWAP_PAUSE_MS);
  }

  return {
    state,
    take(result) {
      newest = result;
      const dueMs = updatedMs + UPDATE_PAUSE_MS - performance.now();
      if (dueMs <= 0) {
        clearTimeout(timer);
        update();
      } else timer ??= setTimeout(update, dueMs);
    },
    dispose: () => clearTimeout(timer),
  };
}
