import type { ComponentChildren } from "preact";
import type { Action, ActionId } from "../app/actions.ts";
import { keyName } from "./keys.ts";
import type { Page } from "../app/page.ts";

/** Properties of an action's button. */
export interface ActionButtonProps {
  readonly page: Page;
  readonly id: ActionId;
  /** The icon, and words where they are to be seen. */
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly pressed?: boolean;
  readonly testid?: string;
}

/** A button that does one of the page's actions; its tooltip names the action and its key. */
export function ActionButton(
  { page, id, children, class: extra = "icon-button", pressed, testid }: ActionButtonProps,
) {
  const action = page.action(id);
  return (
    <button
      type="button"
      class={extra}
      title={tooltip(action, page.settings.value.shortcuts)}
      aria-label={action.label(page)}
      aria-pressed={pressed}
      disabled={!action.when(page)}
      data-testid={testid}
      onClick={() => action.run(page)}
    >
      {children}
    </button>
  );
}

function tooltip(action: Action, shortcuts: boolean): string {
  // The label may depend on the page; the tooltip names the action itself.
  return shortcuts && action.key !== null ? `${action.name} (${keyName(action.key)})` : action.name;
}
