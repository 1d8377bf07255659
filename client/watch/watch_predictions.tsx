import type { View, Welcome } from "../../shared/protocol.ts";
import { areIndependent, INDEPENDENT_WORDS } from "../../shared/independent.ts";
import { knowsWords } from "../../shared/unsure.ts";
import type { BoardState } from "../live/board.ts";
import { headlineOf } from "../ui/headline.ts";
import { PredictionRow } from "../ui/prediction_row.tsx";
import { nameOf } from "../view/labels.ts";
import { lockedClass } from "../view/view_state.ts";

/** Properties of the list. */
export interface WatchPredictionsProps {
  readonly board: BoardState;
  /** What the presenter explains; null before it is known. */
  readonly view: View | null;
  readonly welcome: Welcome | null;
  /** Locks a class, or unlocks it; null: nobody steers here. */
  readonly onLock: ((index: number) => void) | null;
}

/** What the network says; a remote locks a class by a press. */
export function WatchPredictions({ board, view, welcome, onLock }: WatchPredictionsProps) {
  const { ranking, target } = board;
  const lockedIndex = view === null ? null : lockedClass(view.target);
  if (ranking.rows.length === 0) return null;
  const headline = headlineOf(ranking, (row) => nameOf(row, welcome)) ?? "";
  return (
    <section aria-labelledby="watch-predictions">
      <h2 id="watch-predictions" class="visually-hidden">Predictions</h2>
      <ol class="watch-rows">
        {ranking.rows.map((row, place) => {
          const locked = lockedIndex === row.index;
          return (
            <PredictionRow
              key={row.index}
              look="watch-row"
              name={place === 0 ? headline : nameOf(row, welcome)}
              probability={row.probability}
              first={place === 0}
              unsure={ranking.unsure && place === 0}
              target={target?.index === row.index}
              press={onLock === null ? null : {
                locked,
                title: locked ? "Unlock this class" : "Lock this class",
                run: () => onLock(row.index),
              }}
            />
          );
        })}
      </ol>
      {ranking.unsure && welcome !== null && (
        <p class="muted small" data-testid="predictions-hint">{knowsWords(welcome.model)}</p>
      )}
      {welcome !== null && areIndependent(welcome.model) && <p class="muted small">{INDEPENDENT_WORDS}</p>}
    </section>
  );
}
