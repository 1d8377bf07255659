/** Rows of bars: their order, and where bars lie. Pure. */

/** One bar. */
export interface BarRow {
  /** Unique among the rows; default: the name. */
  readonly key?: string;
  readonly name: string;
  readonly value: number;
  /** Standard deviation, drawn as a line at the bar's end. */
  readonly deviation?: number;
  /** What stands beside the name, such as the row's own value. */
  readonly note?: string;
  /** Place of the class whose colour the bar has; default: the sign's, or the accent. */
  readonly place?: number;
}

/** Sorts by size, whatever the sign, the largest first; equal ones stay in their order. */
export function sortedBars(rows: readonly BarRow[]): BarRow[] {
  return rows.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** Where a bar and the line of its deviation lie, in percent of the room. */
export interface BarPlace {
  readonly left: number;
  readonly width: number;
  /** Ends of the line; null without a deviation. */
  readonly line: { readonly left: number; readonly width: number } | null;
}

/** Makes the places of bars: signed ones grow from the middle, others from the left. */
export function barPlaces(rows: readonly BarRow[], signed: boolean): (row: BarRow) => BarPlace {
  const most = Math.max(
    ...rows.map(({ value, deviation = 0 }) => Math.abs(value) + deviation),
    Number.MIN_VALUE,
  );
  const [zero, room] = signed ? [50, 50] : [0, 100];
  const at = (value: number) => zero + room * Math.max(signed ? -1 : 0, Math.min(1, value / most));
  const span = (from: number, to: number) => ({
    left: Math.min(at(from), at(to)),
    width: Math.abs(at(to) - at(from)),
  });
  return ({ value, deviation = 0 }) => ({
    ...span(0, value),
    line: deviation > 0 ? span(value - deviation, value + deviation) : null,
  });
}
