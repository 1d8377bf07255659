import type { RefObject } from "preact";
import { percent } from "../../ui/format.ts";
import { pictureUrl, type TaughtPicture } from "./server.ts";

/** Properties of the grid. */
export interface ReviewGridProps {
  readonly host: RefObject<HTMLDivElement>;
  readonly collection: string;
  readonly pictures: readonly TaughtPicture[];
  /** The picture with the focus, from 0. */
  readonly place: number;
  readonly selected: ReadonlySet<number>;
  readonly nameOf: (key: string | null) => string;
  readonly onToggle: (place: number, id: number) => void;
  readonly onFocus: (place: number) => void;
  readonly onKeyDown: (event: KeyboardEvent, columns: number) => void;
}

/** Pictures in rows, of which keys and presses select some. */
export function ReviewGrid(props: ReviewGridProps) {
  const { host, collection, pictures, place, selected, nameOf, onToggle, onFocus, onKeyDown } = props;
  if (pictures.length === 0) return <p class="muted">There are no pictures here.</p>;
  return (
    <>
      <p class="muted small">
        Press pictures to select them. By keys: arrows, <kbd>space</kbd> selects, <kbd>Delete</kbd> deletes.
      </p>
      <div
        ref={host}
        class="review-grid"
        role="grid"
        aria-label="Pictures"
        aria-multiselectable="true"
        onKeyDown={(event) => onKeyDown(event, columnsOf(event.currentTarget))}
      >
        <div role="row" class="review-row">
          {pictures.map((one, index) => (
            <div
              key={one.id}
              role="gridcell"
              class="review-cell"
              aria-selected={selected.has(one.id)}
              aria-label={`Picture ${one.id}${saidWords(one, nameOf)}`}
              title={`Picture ${one.id}${saidWords(one, nameOf)}`}
              tabIndex={index === place ? 0 : -1}
              data-testid="review-picture"
              onFocus={() => onFocus(index)}
              onClick={() => onToggle(index, one.id)}
            >
              <img src={pictureUrl(collection, one.id)} alt="" loading="lazy" />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function saidWords({ said, probability }: TaughtPicture, nameOf: (key: string | null) => string): string {
  if (said === null) return "";
  return `, recognised as ${nameOf(said)}${probability === null ? "" : ` with ${percent(probability)}`}`;
}

/** Columns as the style sheet lays them out. */
function columnsOf(grid: HTMLElement): number {
  const row = grid.firstElementChild;
  return row === null ? 1 : getComputedStyle(row).gridTemplateColumns.split(" ").length;
}
