/** Where the keys move to among the pictures that are looked through. Pure. */

/** Returns the place that a key moves to, from 0; null: the key moves nowhere. */
export function placeOfKey(key: string, place: number, count: number, columns: number): number | null {
  const last = count - 1;
  const at = (next: number) => Math.min(last, Math.max(0, next));
  switch (key) {
    case "ArrowRight":
      return at(place + 1);
    case "ArrowLeft":
      return at(place - 1);
    case "ArrowDown":
      return place + columns > last ? place : place + columns;
    case "ArrowUp":
      return place - columns < 0 ? place : place - columns;
    case "Home":
      return 0;
    case "End":
      return at(last);
    default:
      return null;
  }
}

/** The pictures that are deleted or moved: those that are selected, else the one under the focus. */
export function meantPictures(
  shown: readonly number[],
  selected: ReadonlySet<number>,
  place: number,
): readonly number[] {
  const chosen = shown.filter((id) => selected.has(id));
  if (chosen.length > 0) return chosen;
  const focused = shown[place];
  return focused === undefined ? [] : [focused];
}
