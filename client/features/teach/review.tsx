import { ArrowLeft } from "lucide-preact";
import { useMemo, useRef } from "preact/hooks";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import type { TeachModel } from "./model.ts";
import { ReviewActions } from "./review_actions.tsx";
import { ReviewGrid } from "./review_grid.tsx";
import { placeOfKey } from "./review_keys.ts";
import { ReviewSelection } from "./review_selection.ts";
import { type OpenCollection, type Review, reviewed } from "./teach_state.ts";
import { pictureCount } from "./words.ts";

/** Properties of the view. */
export interface ReviewViewProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
  readonly review: Review;
}

/** Pictures to look through: selected, deleted or moved to another class, by pointer and by keys. */
export function ReviewView({ model, open, taught, review }: ReviewViewProps) {
  const state = useMemo(() => new ReviewSelection(), [review]);
  const grid = useRef<HTMLDivElement>(null);
  const all = reviewed(open, review).toReversed();
  const shown = all.slice(0, state.most.value);
  const ids = shown.map(({ id }) => id);
  const at = Math.min(state.place.value, Math.max(0, ids.length - 1));
  const nameOf = (key: string | null) => taught.classes.find((one) => one.key === key)?.name ?? "";
  const remove = () => void model.edits.removePictures(state.take(ids));

  function focus(next: number): void {
    state.place.value = next;
    grid.current?.querySelectorAll<HTMLElement>("[role=gridcell]").item(next)?.focus();
  }

  function onKeyDown(event: KeyboardEvent, columns: number): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = placeOfKey(event.key, at, ids.length, columns);
    const id = ids[at];
    if (next !== null) focus(next);
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else if ((event.key === " " || event.key === "Enter") && id !== undefined) state.toggle(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <section class="review" aria-labelledby="review-title" data-testid="review">
      <ReviewHead title={titleOf(review, nameOf)} count={all.length} onBack={() => model.review(null)} />
      <ReviewGrid
        host={grid}
        collection={open.id}
        pictures={shown}
        place={at}
        selected={state.selected.value}
        nameOf={nameOf}
        onToggle={(index, id) => {
          state.place.value = index;
          state.toggle(id);
        }}
        onFocus={(index) => state.place.value = index}
        onKeyDown={onKeyDown}
      />
      {all.length > shown.length && (
        <button type="button" class="button" onClick={() => state.showMore()}>Show more</button>
      )}
      {ids.length > 0 && (
        <ReviewActions
          count={ids.filter((id) => state.selected.value.has(id)).length}
          classes={taught.classes}
          onDelete={remove}
          onMove={(into) => void model.edits.movePictures(state.take(ids), into)}
        />
      )}
    </section>
  );
}

function ReviewHead({ title, count, onBack }: {
  readonly title: string;
  readonly count: number;
  readonly onBack: () => void;
}) {
  return (
    <div class="review-head">
      <button type="button" class="icon-button" aria-label="Back" data-testid="review-back" onClick={onBack}>
        <ArrowLeft aria-hidden="true" />
      </button>
      <h3 id="review-title">{title}</h3>
      <span class="muted small number">{pictureCount(count)}</span>
    </div>
  );
}

function titleOf(review: Review, nameOf: (key: string | null) => string): string {
  switch (review.kind) {
    case "class":
      return nameOf(review.classKey);
    case "cell":
      return review.classKey === review.said
        ? `${nameOf(review.classKey)}, recognised`
        : `${nameOf(review.classKey)}, taken for ${nameOf(review.said)}`;
    case "warning":
      return review.words;
    default: {
      const _never: never = review;
      return _never;
    }
  }
}
