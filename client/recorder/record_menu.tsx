import { ChevronDown } from "lucide-preact";
import { useRef } from "preact/hooks";
import type { Page } from "../page.ts";
import { ActionButton } from "../ui/action_button.tsx";

/** Distance of the menu from its button and from the window's edges, in px. */
const GAP_PX = 8;

/** How a recording is made, and other ways to keep what is seen. */
export function RecordMenu({ page }: { readonly page: Page }) {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const { recordSound, recordDrawn } = page.settings.value;
  const choose = (drawn: boolean) => () => page.change({ recordDrawn: drawn });

  /** Above the button, inside the window. */
  function place(): void {
    const [from, box] = [button.current?.getBoundingClientRect(), menu.current];
    if (from === undefined || box === null) return;
    const left = Math.min(from.left, innerWidth - box.offsetWidth - GAP_PX);
    box.style.left = `${Math.max(GAP_PX, left)}px`;
    box.style.bottom = `${innerHeight - from.top + GAP_PX}px`;
  }

  return (
    <>
      <button
        type="button"
        class="record-more"
        ref={button}
        popovertarget="record-menu"
        aria-label="How to record"
        title="How to record"
        data-testid="record-menu"
      >
        <ChevronDown aria-hidden="true" />
      </button>
      <div
        id="record-menu"
        class="record-menu"
        popover="auto"
        ref={menu}
        onToggle={place}
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
        <div class="record-others" onClick={() => menu.current?.hidePopover()}>
          <ActionButton page={page} id="gif" class="button" testid="gif">GIF of three seconds</ActionButton>
          <ActionButton page={page} id="snapshot-bare" class="button">Snapshot without heatmap</ActionButton>
        </div>
      </div>
    </>
  );
}
