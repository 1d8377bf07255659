import { ChevronDown } from "lucide-preact";
import type { Page } from "../../app/page.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import { closeMenu, MenuButton } from "../../ui/menu_button.tsx";

/** How a recording is made, and other ways to keep what is seen. */
export function RecordMenu({ page }: { readonly page: Page }) {
  const { recordSound, recordDrawn, recordCaption } = page.settings.value;
  const choose = (drawn: boolean) => () => page.change({ recordDrawn: drawn });
  return (
    <MenuButton
      layers={page.layers}
      id="record-menu"
      label="How to record"
      icon={<ChevronDown aria-hidden="true" />}
      class="record-more"
      testid="record-menu"
    >
      <fieldset>
        <legend>Heatmap of a recording</legend>
        <label class="check">
          <input type="radio" name="record-map" checked={recordDrawn} onChange={choose(true)} />
          Drawn into the picture, for any player
        </label>
        <label class="check">
          <input
            type="radio"
            name="record-map"
            data-testid="record-beside"
            checked={!recordDrawn}
            onChange={choose(false)}
          />
          Kept beside it, so that colours can be changed later
        </label>
      </fieldset>
      <label class="check">
        <input
          type="checkbox"
          data-testid="record-sound"
          checked={recordSound}
          onChange={(event) => page.change({ recordSound: event.currentTarget.checked })}
        />
        With sound from the microphone
      </label>
      <label class="check">
        <input
          type="checkbox"
          data-testid="record-caption"
          checked={recordCaption}
          onChange={(event) => page.change({ recordCaption: event.currentTarget.checked })}
        />
        With a caption: class, method, model and what the colours mean
      </label>
      <div class="menu-actions" onClick={({ currentTarget }) => closeMenu(currentTarget)}>
        <ActionButton action={page.action("gif")} class="button" testid="gif">
          GIF of three seconds
        </ActionButton>
        <ActionButton action={page.action("snapshot-bare")} class="button">
          Snapshot without heatmap
        </ActionButton>
      </div>
    </MenuButton>
  );
}
