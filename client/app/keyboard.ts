/** The page's single keys, and Escape. */
import type { ReadonlySignal } from "@preact/signals";
import type { Action } from "../ui/action.ts";
import { itemOfKey, takesKeys } from "../ui/keys.ts";

/** What the keyboard needs. */
export interface KeyboardPorts {
  readonly actions: readonly Action[];
  /** Whether single keys act; the key of the help always does. */
  readonly shortcuts: () => boolean;
  readonly helpOpen: ReadonlySignal<boolean>;
  readonly escape: () => void;
}

/** Returns the handler of key presses. */
export function keyHandler({ actions, shortcuts, helpOpen, escape }: KeyboardPorts) {
  return (event: KeyboardEvent): void => {
    const { target } = event;
    if (event.key === "Escape") escape();
    if (!shortcuts() && event.key !== "?") return;
    if (target instanceof HTMLElement) {
      if (takesKeys(target.tagName, target.getAttribute("type"), event.key)) return;
    }
    // An open dialog has the keyboard to itself; only its own key closes it.
    const closesHelp = helpOpen.value && event.key === "?";
    if (!closesHelp && document.querySelector("dialog[open]") !== null) return;
    const action = itemOfKey(actions, event);
    if (action === null || !action.when()) return;
    event.preventDefault();
    action.run();
  };
}
