/** What a key does in the field that finds a class. Pure. */

/** How the field stands. */
export interface ClassField {
  /** What is searched for; null while the field shows the locked class. */
  readonly query: string | null;
  /** Matches that are offered. */
  readonly matches: number;
  /** The match that Enter takes, from 0. */
  readonly active: number;
}

/** What a key does; null: it is the browser's. */
export type ClassFieldStep =
  | { readonly kind: "move"; readonly active: number }
  | { readonly kind: "choose"; readonly match: number }
  | { readonly kind: "unlock" }
  /** Ends the search; the key must close nothing else. */
  | { readonly kind: "close" }
  | null;

/** Returns what a key does; `key` as keyboard events name it. */
export function classFieldKey(key: string, { query, matches, active }: ClassField): ClassFieldStep {
  switch (key) {
    case "ArrowDown":
      return { kind: "move", active: matches === 0 ? active : (active + 1) % matches };
    case "ArrowUp":
      return { kind: "move", active: matches === 0 ? active : (active + matches - 1) % matches };
    case "Enter":
      if (active < matches) return { kind: "choose", match: active };
      return query?.trim() === "" ? { kind: "unlock" } : null;
    case "Escape":
      return query === null ? null : { kind: "close" };
    default:
      return null;
  }
}
