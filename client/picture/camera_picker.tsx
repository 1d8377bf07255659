import { SwitchCamera } from "lucide-preact";
import type { Camera } from "./camera.ts";
import type { Source } from "./source.ts";

/** On the stage: chooses among several cameras; there is nothing to choose with one. */
export function CameraPicker({ camera, source }: { readonly camera: Camera; readonly source: Source }) {
  const choices = camera.choices.value;
  const state = camera.state.value;
  if (source.kind.value.kind !== "camera" || state.phase !== "on" || choices.length < 2) return null;
  return (
    <label class="camera-picker" title={`Camera: ${state.label}`}>
      <SwitchCamera aria-hidden="true" />
      <span class="visually-hidden">Camera</span>
      <select
        data-testid="camera-picker"
        value={state.deviceId}
        onChange={(event) => void source.openCamera(event.currentTarget.value)}
      >
        {choices.map((choice) => <option key={choice.id} value={choice.id}>{choice.label}</option>)}
      </select>
    </label>
  );
}
