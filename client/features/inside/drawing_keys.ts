/** Where the keys move to in the drawing. Pure. */

/** A channel of the drawing by its stage and its row. */
export interface DrawnPlace {
  readonly stage: number;
  readonly row: number;
}

/**
 * The place that a key moves to: along the flow to another stage, across it to another channel; null: it moves nowhere.
 *
 * @param rows `[stages]` channels of each
 */
export function placeOfKey(
  key: string,
  { stage, row }: DrawnPlace,
  { rows, flow }: { readonly rows: readonly number[]; readonly flow: "across" | "down" },
): DrawnPlace | null {
  const [onward, back, next, previous] = flow === "across"
    ? ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]
    : ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"];
  const at = (stage: number, row: number) => {
    const place = Math.min(rows.length - 1, Math.max(0, stage));
    return { stage: place, row: Math.min((rows[place] ?? 1) - 1, Math.max(0, row)) };
  };
  switch (key) {
    case onward:
      return at(stage + 1, row);
    case back:
      return at(stage - 1, row);
    case next:
      return at(stage, row + 1);
    case previous:
      return at(stage, row - 1);
    case "Home":
      return at(0, row);
    case "End":
      return at(rows.length - 1, row);
    default:
      return null;
  }
}
