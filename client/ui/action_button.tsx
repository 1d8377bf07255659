import { type ReadonlySignal, signal } from "@preact/signals";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Action } from "./action.ts";
import { keyName } from "./keys.ts";

/** Whether single keys act, so that tooltips name them; the page provides it once for all buttons. */
export const ShortcutsContext = createContext<ReadonlySignal<boolean>>(signal(true));

/** Properties of an action's button. */
export interface ActionButtonProps {
  readonly action: Action;
  /** The icon, and words where they are to be seen. */
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly pressed?: boolean;
  readonly testid?: string;
}

/** A button that does an action; its tooltip names the action and its key. */
export function ActionButton(
  { action, children, class: extra = "icon-button", pressed, testid }: ActionButtonProps,
) {
  const shortcuts = useContext(ShortcutsContext);
  return (
    <button
      type="button"
      class={extra}
      title={tooltip(action, shortcuts.value)}
      aria-label={action.label()}
      aria-pressed={pressed}
      disabled={!action.when()}
      data-testid={testid}
      onClick={() => action.run()}
    >
      {children}
    </button>
  );
}

function tooltip(action: Action, shortcuts: boolean): string {
  // The label may depend on the page; the tooltip names the action itself.
  return shortcuts && action.key !== null ? `${action.name} (${keyName(action.key)})` : action.name;
}
