import type { Page } from "./page.ts";
import { ActionButton } from "../ui/action_button.tsx";
import { DRAWERS } from "./drawers.ts";

/** A button for each view beside the picture. */
export function DrawerMenu({ page }: { readonly page: Page }) {
  return (
    <div class="drawer-menu" role="group" aria-label="Views">
      {DRAWERS.map(({ id, name }) => (
        <ActionButton
          key={id}
          page={page}
          id={`show-${id}`}
          class="button"
          pressed={page.drawer.value === id}
          testid={`show-${id}`}
        >
          {name}
        </ActionButton>
      ))}
    </div>
  );
}
