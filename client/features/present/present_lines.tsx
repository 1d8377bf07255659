import type { ReadonlySignal } from "@preact/signals";
import type { Welcome } from "../../../shared/protocol.ts";
import type { BoardState } from "../../live/board.ts";
import { type ConnectionState, connectionWord } from "../../live/connection.ts";
import { ageText, type Figures } from "../../live/figures.ts";
import { percent } from "../../ui/format.ts";
import { headlineOf } from "../../ui/headline.ts";
import type { NameOf } from "../../view/labels.ts";
import type { ViewState } from "../../view/view_state.ts";

/** What names what is seen. */
export interface Named {
  readonly board: ReadonlySignal<BoardState>;
  readonly nameOf: NameOf;
}

/** The first class, as large as the back row needs it. */
export function Headline({ board, nameOf }: Named) {
  const { ranking } = board.value;
  const [top] = ranking.rows;
  return (
    <p class="present-label" data-unsure={ranking.unsure}>
      <span data-testid="top-label" title={top?.label}>
        {headlineOf(ranking, ({ index, label }) => nameOf(index, label)) ?? "–"}
      </span>
      <span class="number">{top === undefined || ranking.unsure ? "" : percent(top.probability)}</span>
    </p>
  );
}

/** The classes after the first. */
export function Others({ board, nameOf }: Named) {
  const [, ...others] = board.value.ranking.rows;
  return (
    <ol class="present-others" data-testid="present-others-list">
      {others.map(({ index, label, probability }) => (
        <li key={index}>
          <span>{nameOf(index, label)}</span> <span class="number">{percent(probability)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Properties of the line that names the method. */
export interface MethodLineProps extends Named {
  readonly view: ReadonlySignal<ViewState>;
  readonly welcome: ReadonlySignal<Welcome | null>;
}

/** The method, and the class that it explains. */
export function MethodLine({ board, nameOf, view, welcome }: MethodLineProps) {
  const { target } = board.value;
  const { method } = view.value.current;
  const name = welcome.value?.methods.find(({ id }) => id === method)?.name ?? method;
  return (
    <p class="present-method" data-testid="present-method-line">
      {name}
      {target !== null && `: evidence for ${nameOf(target.index, target.label)}`}
    </p>
  );
}

/** Properties of the line about the connection. */
export interface StatusProps {
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly figures: ReadonlySignal<Figures>;
}

/** How the connection stands, and how old the map is. */
export function Status({ connection, figures }: StatusProps) {
  const word = connectionWord(connection.value);
  const { ageMs, p50Ms, p95Ms } = figures.value;
  return (
    <p class="present-status">
      <span class="connection" data-state={word}>
        <span class="dot" aria-hidden="true" />
        <span data-testid="connection">{word}</span>
      </span>
      <span class="figure" data-testid="age" data-p50={p50Ms?.toFixed(1)} data-p95={p95Ms?.toFixed(1)}>
        {ageText(word === "live" ? ageMs : null)}
      </span>
    </p>
  );
}
