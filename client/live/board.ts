/** The predictions on screen: one consistent sample of the server's ranking, at most eight times a second. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Prediction, ReadRanking, Result } from "../../shared/protocol.ts";

/** Shortest time between two updates of numbers alone, in ms; another headline shows at once. */
export const UPDATE_PAUSE_MS = 125;

/** What the list of predictions shows. */
export interface BoardState {
  readonly ranking: ReadRanking;
  /** The class that the map explains; null before the first result. */
  readonly target: Prediction | null;
  /** Of a view with a cover: what the network says of the same picture without it; null: nothing is covered. */
  readonly whole: readonly Prediction[] | null;
  /** Computing time of the last batch in ms; null before the first result. */
  readonly computeMs: number | null;
}

/** The list before the first result. */
export const NO_BOARD: BoardState = {
  ranking: { rows: [], unsure: false },
  target: null,
  whole: null,
  computeMs: null,
};

/** The list of predictions. */
export interface Board {
  readonly state: ReadonlySignal<BoardState>;
  take(result: Result): void;
  dispose(): void;
}

/** Makes an empty list. */
export function createBoard(): Board {
  const state = signal<BoardState>(NO_BOARD);
  let newest = NO_BOARD;
  /** Of the newest result with a cover: another cover is an act, whose outcome shows at once. */
  let coveredRevision = 0;
  let updatedMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(): void {
    clearTimeout(timer);
    timer = undefined;
    updatedMs = performance.now();
    state.value = newest;
  }

  return {
    state,
    take({ ranking, target, times, whole, revision }) {
      newest = { ranking, target, whole: whole ?? null, computeMs: times.compute };
      const dueMs = updatedMs + UPDATE_PAUSE_MS - performance.now();
      const isAnother = whole !== undefined && revision !== coveredRevision;
      if (whole !== undefined) coveredRevision = revision;
      if (dueMs <= 0 || isAnother || saysAnother(state.value, newest)) update();
      else timer ??= setTimeout(update, dueMs);
    },
    dispose: () => clearTimeout(timer),
  };
}

/** Whether a sample has another headline, or its map another class. */
export function saysAnother(shown: BoardState, next: BoardState): boolean {
  return (shown.whole === null) !== (next.whole === null) || shown.ranking.unsure !== next.ranking.unsure ||
    shown.target?.index !== next.target?.index ||
    shown.ranking.rows[0]?.index !== next.ranking.rows[0]?.index;
}
