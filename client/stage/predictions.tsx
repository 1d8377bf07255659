import { Lock } from "lucide-preact";
import type { Prediction } from "../../shared/protocol.ts";
import { connectionWord } from "../live/connection.ts";
import type { Page } from "../app/page.ts";
import { percent } from "../ui/format.ts";
import { knowsWords } from "../../shared/unsure.ts";
import { ClassLock } from "./class_lock.tsx";
import { headlineOf } from "../ui/headline.ts";

/** Rows that always have their place, so that nothing moves when the first result comes. */
const PLACES = 5;

/** What the network says: five classes with bars; a click locks one. */
export function Predictions({ page }: { readonly page: Page }) {
  const { ranking, target } = page.session.board.state.value;
  const locked = page.locked.value;
  const model = page.session.welcome.value?.model;
  const outside = locked !== null && target?.index === locked &&
    !ranking.rows.some((row) => row.index === locked);
  const { kind } = page.session.status.value;
  // While there is no connection, what is listed belongs to a picture that is gone.
  const unanswered = kind === "waiting" && connectionWord(page.session.link.state.value) !== "live";
  const stale = kind === "stale" || unanswered;
  return (
    <section class="card predictions" aria-labelledby="predictions-title" data-stale={stale}>
      <h2 id="predictions-title" class="visually-hidden">Predictions</h2>
      <ol class="rows">
        {Array.from({ length: PLACES }, (_, place) => {
          const row = ranking.rows[place];
          const first = place === 0;
          return row === undefined ? <EmptyRow key={`empty-${place}`} first={first} /> : (
            <Row
              key={row.index}
              page={page}
              row={row}
              headline={first ? headlineOf(ranking, ({ index, label }) => page.nameOf(index, label)) : null}
              unsure={first && ranking.unsure}
              target={target?.index === row.index}
            />
          );
        })}
      </ol>
      <div class="rows extra">
        {outside && target !== null
          ? <Row page={page} row={target} headline={null} unsure={false} target />
          : (
            <p class="hint muted small" data-testid="predictions-hint">
              {ranking.unsure && model !== undefined
                ? knowsWords(model)
                : locked === null
                ? "The map explains the first class. Click one to lock it."
                : "The map explains the locked class. Click it to free it."}
            </p>
          )}
      </div>
      <ClassLock page={page} />
    </section>
  );
}

/** Properties of a row. */
interface RowProps {
  readonly page: Page;
  readonly row: Prediction;
  /** Of the first row: its words; null for the others. */
  readonly headline: string | null;
  /** Whether the headline says the number itself, as it is no more than a guess. */
  readonly unsure: boolean;
  /** Whether the map explains this class. */
  readonly target: boolean;
}

function Row({ page, row, headline, unsure, target }: RowProps) {
  const locked = page.locked.value === row.index;
  const name = page.nameOf(row.index, row.label);
  const first = headline !== null;
  return (
    <li class={first ? "row first" : "row"} data-target={target} data-unsure={unsure}>
      <button
        type="button"
        aria-pressed={locked}
        title={`${row.label}: ${row.logit.toFixed(2)} logits. Click to ${
          locked ? "free" : "lock"
        } this class`}
        onClick={() => page.toggleLock(row.index)}
      >
        <span class="bar" style={{ transform: `scaleX(${row.probability})` }} />
        <span class="name" data-testid={first ? "top-label" : undefined}>
          {headline ?? name}
        </span>
        {locked && <Lock aria-label="locked" class="lock" />}
        {!unsure && <span class="number">{percent(row.probability)}</span>}
      </button>
    </li>
  );
}

function EmptyRow({ first }: { readonly first: boolean }) {
  return (
    <li class={first ? "row first empty" : "row empty"} aria-hidden="true">
      <span class="name" data-testid={first ? "top-label" : undefined}>–</span>
    </li>
  );
}
