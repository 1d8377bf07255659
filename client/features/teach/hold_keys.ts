/** Which class a key collects while the panel is open. Pure. */
import { takesKeys } from "../../ui/keys.ts";
import { classOfDigit } from "./class_order.ts";

/** What a key press means in the panel. */
export type TeachKey =
  | { readonly kind: "hold"; readonly classKey: string }
  | { readonly kind: "undo" }
  | { readonly kind: "none" };

/** The parts of a key press that matter. */
export interface TeachKeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** The element that has the focus. */
  readonly tagName: string;
  readonly type: string | null;
}

const NONE: TeachKey = { kind: "none" };

/** The key that takes the last act back. */
const UNDO = "z";

/**
 * Returns what a key press means: a digit holds its class, space the chosen one, and z, alone or with Ctrl or Command, undoes;
 * what the element under the focus takes for itself is left to it.
 */
export function teachKey(
  press: TeachKeyPress,
  classes: readonly { readonly key: string; readonly name: string }[],
  chosen: string | null,
): TeachKey {
  const { key, ctrlKey, altKey, metaKey, shiftKey, tagName, type } = press;
  if (altKey || takesKeys(tagName, type, key)) return NONE;
  if (key.toLowerCase() === UNDO && !shiftKey) return { kind: "undo" };
  if (ctrlKey || metaKey) return NONE;
  const classKey = key === " " ? chosen : classOfDigit(classes, key);
  return classKey === null ? NONE : { kind: "hold", classKey };
}
