import { SwitchCamera } from "lucide-preact";
import type { Page } from "../app/page.ts";

/** On the stage: chooses among several cameras; there is nothing to choose with one. */
export function CameraPicker({ page }: { readonly page: Page }) {
  const choices = page.camera.choices.value;
  const state = page.camera.state.value;
  if (page.source.kind.value.kind !== "camera" || state.phase !== "on" || choices.length < 2) return null;
  return (
    <label class="camera-picker" title={`Camera: ${state.label}`}>
      <SwitchCamera aria-hidden="true" />
      <span class="visually-hidden">Camera</span>
      <select
        data-testid="camera-picker"
        value={state.deviceId}
        onChange={(event) => void page.source.openCamera(event.currentTarget.value)}
      >
        {choices.map((choice) => <option key={choice.id} value={choice.id}>{choice.label}</option>)}
      </select>
    </label>
  );
}
