/** What a key does in the search of the picker. Pure. */

/** Options that Page Up and Page Down move by. */
const PAGE = 5;

/** How the picker stands. */
export interface PickerState {
  /** Methods that are listed. */
  readonly count: number;
  /** The one that Enter takes, from 0. */
  readonly active: number;
}

/** What a key does; null: it is the browser's. */
export type PickerStep =
  | { readonly kind: "move"; readonly active: number }
  | { readonly kind: "choose" }
  | null;

/** Returns what a key does; `key` as keyboard events name it. Arrows go around, pages end at the ends. */
export function pickerKey(key: string, { count, active }: PickerState): PickerStep {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return { kind: "move", active: (active + 1) % count };
    case "ArrowUp":
      return { kind: "move", active: (active + count - 1) % count };
    case "PageDown":
      return { kind: "move", active: Math.min(count - 1, active + PAGE) };
    case "PageUp":
      return { kind: "move", active: Math.max(0, active - PAGE) };
    case "Enter":
      return { kind: "choose" };
    default:
      return null;
  }
}
