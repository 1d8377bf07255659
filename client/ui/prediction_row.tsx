import type { ComponentChildren } from "preact";
import { percent } from "./format.ts";

/** A row of the predictions, in words and numbers. */
export interface PredictionRowProps {
  /** The page's rows and those of a watch page differ in looks alone. */
  readonly look: "row" | "watch-row";
  /** The class, or the headline of the first row. */
  readonly name: string;
  /** 0…1 */
  readonly probability: number;
  readonly first: boolean;
  /** Whether the headline says the number itself, as it is no more than a guess. */
  readonly unsure: boolean;
  /** Whether the map explains this class. */
  readonly target: boolean;
  /** What a press does; null: the row is no button. */
  readonly press: RowPress | null;
  /** Shown behind the name. */
  readonly children?: ComponentChildren;
}

/** What a press on a row does. */
export interface RowPress {
  readonly locked: boolean;
  readonly title: string;
  readonly run: () => void;
}

/** One class with its bar and its number. */
export function PredictionRow(
  { look, name, probability, first, unsure, target, press, children }: PredictionRowProps,
) {
  const content = (
    <>
      <span class="bar" style={{ transform: `scaleX(${probability})` }} />
      <span class="name" data-testid={first ? "top-label" : undefined}>{name}</span>
      {children}
      {!unsure && <span class="number">{percent(probability)}</span>}
    </>
  );
  return (
    <li class={first ? `${look} first` : look} data-target={target} data-unsure={unsure}>
      {press === null
        ? <div>{content}</div>
        : (
          <button type="button" aria-pressed={press.locked} title={press.title} onClick={press.run}>
            {content}
          </button>
        )}
    </li>
  );
}
