import { X } from "lucide-preact";
import type { Action } from "../../ui/action.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import type { GifState } from "./gif_maker.ts";

/** On the stage: how much of a GIF is done; nothing while none is made. */
export function GifLine({ state, toggle }: { readonly state: GifState; readonly toggle: Action }) {
  if (state.kind === "rest") return null;
  const words = state.kind === "filming" ? "Filming three seconds…" : "Making the GIF…";
  return (
    <div class="hud" data-testid="gif-hud">
      <span class="hud-words" role="status">{words}</span>
      <progress class="hud-progress" max="1" value={state.share} aria-label={words} />
      <ActionButton action={toggle} class="hud-button">
        <X aria-hidden="true" /> Cancel
      </ActionButton>
    </div>
  );
}
