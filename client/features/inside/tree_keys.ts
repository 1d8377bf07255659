/** What the keys do in the tree of layers. Pure. */
import type { TreeRow } from "./structure.ts";

/** What a key does. */
export type TreeAct =
  | { readonly kind: "focus"; readonly row: TreeRow }
  | { readonly kind: "toggle"; readonly row: TreeRow }
  /** Opens or closes what has something below it, else chooses its layer. */
  | { readonly kind: "choose"; readonly row: TreeRow };

/** Returns what a key does at a row; null: nothing, and the key is for others; "stay": nothing is left in that direction. */
export function actOfKey(key: string, rows: readonly TreeRow[], current: TreeRow): TreeAct | "stay" | null {
  const at = rows.indexOf(current);
  switch (key) {
    case "ArrowDown":
      return focus(rows[at + 1]);
    case "ArrowUp":
      return focus(rows[at - 1]);
    case "Home":
      return focus(rows[0]);
    case "End":
      return focus(rows.at(-1));
    case "ArrowRight":
      return current.open === false ? { kind: "toggle", row: current } : focus(rows[at + 1]);
    case "ArrowLeft":
      if (current.open === true) return { kind: "toggle", row: current };
      return focus(rows.slice(0, at).findLast(({ level }) => level < current.level));
    case "Enter":
    case " ":
      return { kind: "choose", row: current };
    default:
      return null;
  }
}

function focus(row: TreeRow | undefined): TreeAct | "stay" {
  return row === undefined ? "stay" : { kind: "focus", row };
}
