import { SlidersHorizontal } from "lucide-preact";
import type { Page } from "../../app/page.ts";
import { PRESENT_PARTS, type PresentPart } from "../../view/settings.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import { MenuButton } from "../../ui/menu_button.tsx";

const WORDS: Readonly<Record<PresentPart, string>> = {
  label: "What the network says",
  others: "The next four classes",
  method: "Method, and what it explains",
  status: "Connection and age",
  code: "Code for phones to watch",
};

/** What is shown while somebody presents. */
export function PresentMenu({ page, visible }: { readonly page: Page; readonly visible: boolean }) {
  const { presentParts } = page.settings.value;
  const toggle = (part: PresentPart, on: boolean) => {
    page.change({
      presentParts: PRESENT_PARTS.filter((one) => one === part ? on : presentParts.includes(one)),
    });
    if (part === "code" && on && !page.show.on.value) page.show.start();
  };
  return (
    <span class="present-more" data-visible={visible}>
      <MenuButton
        layers={page.layers}
        id="present-menu"
        label="What to show"
        icon={
          <>
            <SlidersHorizontal aria-hidden="true" /> Show
          </>
        }
        class="button"
        testid="present-menu"
      >
        <fieldset>
          <legend>Show while presenting</legend>
          {PRESENT_PARTS.map((part) => (
            <label class="check" key={part}>
              <input
                type="checkbox"
                checked={presentParts.includes(part)}
                data-testid={`present-${part}`}
                onChange={(event) => toggle(part, event.currentTarget.checked)}
              />
              {WORDS[part]}
            </label>
          ))}
          <label class="check">
            <input
              type="checkbox"
              checked={!page.mapHidden.value}
              onChange={() => page.mapHidden.value = !page.mapHidden.value}
            />
            Heatmap
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={page.mirrored.value}
              disabled={page.source.kind.value.kind !== "camera"}
              onChange={(event) => page.setMirror(event.currentTarget.checked)}
            />
            Camera as a mirror
          </label>
        </fieldset>
        <div class="menu-actions">
          <ActionButton action={page.action("fullscreen")} class="button">Full screen</ActionButton>
        </div>
      </MenuButton>
    </span>
  );
}
