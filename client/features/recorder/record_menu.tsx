import type { ReadonlySignal } from "@preact/signals";
import { ChevronDown } from "lucide-preact";
import type { Action } from "../../ui/action.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import type { Layers } from "../../ui/layers.ts";
import { closeMenu, MenuButton } from "../../ui/menu_button.tsx";
import type { Settings } from "../../view/settings.ts";

/** How a recording is made. */
export type RecordSettings = Pick<
  Settings,
  "recordSound" | "recordDrawn" | "recordCaption" | "recordSentence"
>;

/** Properties of the menu. */
export interface RecordMenuProps {
  readonly layers: Layers;
  readonly settings: ReadonlySignal<RecordSettings>;
  readonly onChange: (part: Partial<RecordSettings>) => void;
  readonly gif: Action;
  /** Saves a snapshot without the heatmap. */
  readonly bareSnapshot: Action;
}

/** How a recording is made, and other ways to keep what is seen. */
export function RecordMenu({ layers, settings, onChange, gif, bareSnapshot }: RecordMenuProps) {
  return (
    <MenuButton
      layers={layers}
      id="record-menu"
      label="How to record"
      icon={<ChevronDown aria-hidden="true" />}
      class="record-more"
      testid="record-menu"
    >
      <MapFields drawn={settings.value.recordDrawn} onChange={onChange} />
      <CheckFields settings={settings.value} onChange={onChange} />
      <div class="menu-actions" onClick={({ currentTarget }) => closeMenu(currentTarget)}>
        <ActionButton action={gif} class="button" testid="gif">GIF of three seconds</ActionButton>
        <ActionButton action={bareSnapshot} class="button">Snapshot without heatmap</ActionButton>
      </div>
    </MenuButton>
  );
}

type Change = Pick<RecordMenuProps, "onChange">;

function MapFields({ drawn, onChange }: { readonly drawn: boolean } & Change) {
  const choose = (recordDrawn: boolean) => () => onChange({ recordDrawn });
  return (
    <fieldset>
      <legend>Heatmap of a recording</legend>
      <label class="check">
        <input type="radio" name="record-map" checked={drawn} onChange={choose(true)} />
        Drawn into the picture, for any player
      </label>
      <label class="check">
        <input
          type="radio"
          name="record-map"
          data-testid="record-beside"
          checked={!drawn}
          onChange={choose(false)}
        />
        Kept beside it, so that colours can be changed later
      </label>
    </fieldset>
  );
}

function CheckFields({ settings, onChange }: { readonly settings: RecordSettings } & Change) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-testid="record-sound"
          checked={settings.recordSound}
          onChange={(event) => onChange({ recordSound: event.currentTarget.checked })}
        />
        With sound from the microphone
      </label>
      <label class="check">
        <input
          type="checkbox"
          data-testid="record-caption"
          checked={settings.recordCaption}
          onChange={(event) => onChange({ recordCaption: event.currentTarget.checked })}
        />
        With a caption: class, method, model and what the colours mean
      </label>
      <label class="check">
        <input
          type="checkbox"
          data-testid="record-sentence"
          disabled={!settings.recordCaption}
          checked={settings.recordSentence}
          onChange={(event) => onChange({ recordSentence: event.currentTarget.checked })}
        />
        With the sentence that says why, in the caption
      </label>
    </>
  );
}
