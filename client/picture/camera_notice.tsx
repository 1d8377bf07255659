import { X } from "lucide-preact";
import type { Page } from "../app/page.ts";
import { UNANSWERED_WORDS } from "./problems.ts";

/** Says on the stage why the camera does not run, with the button that helps. */
export function CameraNotice({ page }: { readonly page: Page }) {
  const state = page.camera.state.value;
  if (state.phase === "asking") {
    return state.slow
      ? (
        <div class="notice" role="alert">
          <p>{UNANSWERED_WORDS}</p>
          <button type="button" class="button" onClick={() => page.camera.stop()}>Cancel</button>
        </div>
      )
      : null;
  }
  if (state.phase !== "failed") return null;
  const { words, remedy } = state.problem;
  return (
    <div class="notice" role="alert">
      <p>{words}</p>
      {remedy !== "none" && (
        <button
          type="button"
          class="button"
          onClick={() => void page.source.openCamera(null)}
        >
          {remedy === "retry" ? "Try again" : "Use any camera"}
        </button>
      )}
      <button type="button" class="button" onClick={() => page.chooseFile()}>Open a photo or video</button>
      <button
        type="button"
        class="icon-button close"
        aria-label="Dismiss"
        onClick={() => page.camera.dismiss()}
      >
        <X aria-hidden="true" />
      </button>
    </div>
  );
}
