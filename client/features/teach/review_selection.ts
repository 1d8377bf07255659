/** Which pictures of a review are shown, selected and under the focus. */
import { type Signal, signal } from "@preact/signals";
import { meantPictures } from "./review_keys.ts";

/** Pictures that are shown at first, and that every press on "Show more" adds. */
const PAGE = 60;

/** The state of one review. */
export class ReviewSelection {
  /** The most pictures that are shown. */
  readonly most: Signal<number> = signal(PAGE);
  readonly selected: Signal<ReadonlySet<number>> = signal(new Set());
  /** The place that has the focus, from 0. */
  readonly place: Signal<number> = signal(0);

  showMore(): void {
    this.most.value += PAGE;
  }

  toggle(id: number): void {
    const next = new Set(this.selected.value);
    if (!next.delete(id)) next.add(id);
    this.selected.value = next;
  }

  /** Selects nothing more; returns what was meant until now. */
  take(shown: readonly number[]): readonly number[] {
    const meant = meantPictures(shown, this.selected.value, this.place.value);
    this.selected.value = new Set();
    return meant;
  }
}
