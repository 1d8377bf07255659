import type { Signal } from "@preact/signals";
import { SlidersHorizontal } from "lucide-preact";
import type { Action } from "../../ui/action.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import type { Layers } from "../../ui/layers.ts";
import { MenuButton } from "../../ui/menu_button.tsx";
import type { PresentPart } from "../../view/settings.ts";
import { PART_WORDS } from "./parts.ts";

/** Properties of the menu. */
export interface PresentMenuProps {
  readonly layers: Layers;
  /** Whether it is in sight: not while the pointer rests. */
  readonly visible: boolean;
  /** What is shown. */
  readonly parts: readonly PresentPart[];
  /** What can be shown. */
  readonly offered: readonly PresentPart[];
  readonly onPart: (part: PresentPart, on: boolean) => void;
  readonly mapHidden: Signal<boolean>;
  readonly mirror: MirrorChoice;
  readonly fullscreen: Action;
}

/** Whether the camera is shown as a mirror. */
export interface MirrorChoice {
  readonly on: boolean;
  /** Null while there is no camera. */
  readonly onChange: ((on: boolean) => void) | null;
}

/** What is shown while somebody presents. */
export function PresentMenu(props: PresentMenuProps) {
  const { layers, visible, parts, offered, onPart, mapHidden, mirror, fullscreen } = props;
  return (
    <span class="present-more" data-visible={visible}>
      <MenuButton
        layers={layers}
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
          {offered.map((part) => (
            <label class="check" key={part}>
              <input
                type="checkbox"
                checked={parts.includes(part)}
                data-testid={`present-${part}`}
                onChange={(event) => onPart(part, event.currentTarget.checked)}
              />
              {PART_WORDS[part]}
            </label>
          ))}
          <label class="check">
            <input
              type="checkbox"
              checked={!mapHidden.value}
              onChange={() => mapHidden.value = !mapHidden.value}
            />
            Heatmap
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={mirror.on}
              disabled={mirror.onChange === null}
              onChange={(event) => mirror.onChange?.(event.currentTarget.checked)}
            />
            Camera as a mirror
          </label>
        </fieldset>
        <div class="menu-actions">
          <ActionButton action={fullscreen} class="button">Full screen</ActionButton>
        </div>
      </MenuButton>
    </span>
  );
}
