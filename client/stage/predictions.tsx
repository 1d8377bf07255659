import { Lock } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { Prediction, Welcome } from "../../shared/protocol.ts";
import { areIndependent, INDEPENDENT_WORDS } from "../../shared/independent.ts";
import { knowsWords } from "../../shared/unsure.ts";
import type { BoardState } from "../live/board.ts";
import { changeOf, coverSentence } from "./cover_words.ts";
import { headlineOf } from "../ui/headline.ts";
import { PredictionRow } from "../ui/prediction_row.tsx";
import type { ClassList, ClassTarget } from "./classes.ts";

/** Rows that always have their position, so that nothing moves when the first result comes. */
const ROWS = 5;

/** Properties of the list. */
export interface PredictionsProps {
  readonly board: BoardState;
  /** Whether what is listed belongs to a picture that is gone. */
  readonly stale: boolean;
  readonly target: ClassTarget;
  readonly nameOf: ClassList["nameOf"];
  /** What the model knows; null before the first connection. */
  readonly model: Welcome["model"] | null;
  /** Stands below the list: the field that finds other classes. */
  readonly children: ComponentChildren;
}

/** What the network says: five classes with bars; a click locks one. */
export function Predictions({ board, stale, target, nameOf, model, children }: PredictionsProps) {
  const { ranking, target: explained, whole } = board;
  const locked = target.locked.value;
  const outside = locked !== null && explained?.index === locked &&
    !ranking.rows.some((row) => row.index === locked);
  const headline = headlineOf(ranking, ({ index, label }) => nameOf(index, label)) ?? "";
  const common = { target, nameOf, whole, explained: explained?.index ?? null };
  return (
    <section class="card predictions" aria-labelledby="predictions-title" data-stale={stale}>
      <h2 id="predictions-title" class="visually-hidden">Predictions</h2>
      <ol class="rows">
        {Array.from({ length: ROWS }, (_, place) => {
          const row = ranking.rows[place];
          const first = place === 0;
          return row === undefined ? <EmptyRow key={`empty-${place}`} first={first} /> : (
            <Row
              key={row.index}
              {...common}
              row={row}
              headline={first ? headline : null}
              unsure={first && ranking.unsure}
            />
          );
        })}
      </ol>
      <div class="rows extra">
        {outside && explained !== null
          ? <Row {...common} row={explained} headline={null} unsure={false} />
          : (
            <p class="hint muted small" data-testid="predictions-hint">
              {whole !== null
                ? coverSentence(ranking, whole, nameOf)
                : ranking.unsure && model !== null
                ? knowsWords(model)
                : hintOf(locked)}
              {model !== null && areIndependent(model) && ` ${INDEPENDENT_WORDS}`}
            </p>
          )}
      </div>
      {children}
    </section>
  );
}

function hintOf(locked: number | null): string {
  return locked === null
    ? "The map explains the first class. Click one to lock it."
    : "The map explains the locked class. Click it to unlock it.";
}

/** Properties of a row. */
interface RowProps {
  readonly row: Prediction;
  readonly target: ClassTarget;
  readonly nameOf: ClassList["nameOf"];
  /** Index of the class that the map explains, or null. */
  readonly explained: number | null;
  /** The same picture without its cover; null: nothing is covered. */
  readonly whole: BoardState["whole"];
  /** Of the first row: its words; null for the others. */
  readonly headline: string | null;
  /** Whether the headline says the number itself, as it is no more than a guess. */
  readonly unsure: boolean;
}

function Row({ row, target, nameOf, explained, whole, headline, unsure }: RowProps) {
  const { index, label, logit, probability } = row;
  const locked = target.locked.value === index;
  const change = changeOf(row, whole);
  return (
    <PredictionRow
      look="row"
      name={headline ?? nameOf(index, label)}
      probability={probability}
      first={headline !== null}
      unsure={unsure}
      target={explained === index}
      press={{
        locked,
        title: `${label}: ${logit.toFixed(2)} logits. Click to ${locked ? "unlock" : "lock"} this class`,
        run: () => target.toggleClass(index),
      }}
    >
      {change !== null && (
        <span class="change" data-rises={change.points > 0} data-testid="change">
          <span aria-hidden="true">{change.short}</span>
          <span class="visually-hidden">{change.long}</span>
        </span>
      )}
      {locked && <Lock aria-label="locked" class="lock" />}
    </PredictionRow>
  );
}

function EmptyRow({ first }: { readonly first: boolean }) {
  return (
    <li class={first ? "row first empty" : "row empty"} aria-hidden="true">
      <span class="name" data-testid={first ? "top-label" : undefined}>–</span>
    </li>
  );
}
