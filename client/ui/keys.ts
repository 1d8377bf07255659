/** Which action a key press means. Pure. */

/** The parts of a key press that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Finds the item that a key press means, or null: keys with modifiers belong to the browser. */
export function itemOfKey<T extends { readonly key: string | null }>(
  items: readonly T[],
  press: KeyPress,
): T | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return items.find((item) => item.key === key) ?? null;
}

/** Returns whether an element takes keys for itself, so that they must not act on the page. */
export function takesKeys(tagName: string, type: string | null, key: string): boolean {
  switch (tagName) {
    case "TEXTAREA":
    case "SELECT":
      return true;
    case "INPUT":
      return type !== "checkbox" && type !== "radio" && type !== "range" || key === " ";
    case "BUTTON":
    case "SUMMARY":
    case "A":
      return key === " " || key === "Enter";
    default:
      return false;
  }
}

/** Names a key for people. */
export function keyName(key: string): string {
  return key === " " ? "Space" : key.length === 1 ? key.toUpperCase() : key;
}
