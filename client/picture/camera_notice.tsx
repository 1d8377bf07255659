import { X } from "lucide-preact";
import type { Camera } from "./camera.ts";
import { UNANSWERED_WORDS } from "./problems.ts";

/** Properties of the notice. */
export interface CameraNoticeProps {
  readonly camera: Camera;
  /** Asks for any camera once more. */
  readonly onRetry: () => void;
  readonly onOpenFile: () => void;
}

/** Says on the stage why the camera does not run, with the button that helps. */
export function CameraNotice({ camera, onRetry, onOpenFile }: CameraNoticeProps) {
  const state = camera.state.value;
  if (state.phase === "asking" && state.slow) {
    return (
      <div class="notice" role="alert">
        <p>{UNANSWERED_WORDS}</p>
        <button type="button" class="button" onClick={() => camera.stop()}>Cancel</button>
      </div>
    );
  }
  if (state.phase !== "failed") return null;
  const { words, remedy } = state.problem;
  return (
    <div class="notice" role="alert">
      <p>{words}</p>
      {remedy !== "none" && (
        <button type="button" class="button" onClick={onRetry}>
          {remedy === "retry" ? "Try again" : "Use any camera"}
        </button>
      )}
      <button type="button" class="button" onClick={onOpenFile}>Open a photo or video</button>
      <button type="button" class="icon-button close" aria-label="Dismiss" onClick={() => camera.dismiss()}>
        <X aria-hidden="true" />
      </button>
    </div>
  );
}
