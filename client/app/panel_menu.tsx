import type { Page } from "./page.ts";
import { ActionButton } from "../ui/action_button.tsx";
import { PANELS } from "./panels.ts";

/** A button for each view beside the picture. */
export function PanelMenu({ page }: { readonly page: Page }) {
  return (
    <div class="drawer-menu" role="group" aria-label="Views">
      {PANELS.map(({ id, short }) => (
        <ActionButton
          key={id}
          action={page.action(`show-${id}`)}
          class="button"
          pressed={page.drawer.value === id}
          testid={`show-${id}`}
        >
          {short}
        </ActionButton>
      ))}
      <ActionButton action={page.action("tour")} class="button" testid="show-tour">Tour</ActionButton>
      {page.settings.value.timeline === "closed" && (
        <ActionButton action={page.action("timeline")} class="button" testid="show-timeline">
          Timeline
        </ActionButton>
      )}
    </div>
  );
}
