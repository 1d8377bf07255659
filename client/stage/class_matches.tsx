import { neighboursOf } from "../../shared/class_text.ts";
import type { LabelMatch } from "../../shared/label_search.ts";

/** Properties of the list. */
export interface MatchListProps {
  /** Begins the ids of the list and of its entries. */
  readonly id: string;
  readonly matches: readonly LabelMatch[];
  /** The match that Enter takes, from 0. */
  readonly active: number;
  /** Every class label by index. */
  readonly labels: readonly string[];
  /** Indexes of the classes whose name another class has too. */
  readonly sharedNames: readonly number[];
  readonly onChoose: (match: LabelMatch) => void;
}

/** The classes that fit what is searched for. */
export function MatchList({ id, matches, active, labels, sharedNames, onChoose }: MatchListProps) {
  return (
    <ul class="matches" id={`${id}-list`} role="listbox" aria-label="Classes" hidden={matches.length === 0}>
      {matches.map((match, at) => (
        <li
          key={match.index}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          title={`${match.index}: ${match.label}`}
          // The press must not take the focus, or the list closes before the click arrives.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() =>
            onChoose(match)}
        >
          <span class="match-label">
            {match.label}
            {sharedNames.includes(match.index) && (
              <span class="muted">
                {` (${match.index})${besideWords(neighboursOf(labels, match.index))}`}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Where a class stands in the model's list, the only difference between two of the very same label. */
function besideWords(neighbours: readonly string[]): string {
  return neighbours.length === 0 ? "" : `, listed beside ${neighbours.join(" and ")}`;
}
