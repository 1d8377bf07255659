import { percent } from "../../ui/format.ts";
import type { ClipsModel } from "./model.ts";
import type { ClipInfo } from "./shelf/shelf.ts";

/** An upload of a clip that is under way or broke off; nothing where there is none. */
export function UploadLine(
  { model, name, clip }: {
    readonly model: Pick<ClipsModel, "uploads" | "upload" | "cancel">;
    readonly name: string;
    readonly clip: ClipInfo;
  },
) {
  const state = model.uploads.value.get(clip.id);
  const cancel = (
    <button
      type="button"
      class="button"
      data-testid="clip-upload-cancel"
      aria-label={`Cancel the upload of ${name}`}
      onClick={() => model.cancel(clip)}
    >
      Cancel
    </button>
  );
  if (state !== undefined && state.problem === null) {
    return (
      <div class="clip-upload" data-testid="clip-upload" data-state="running">
        <progress max="1" value={state.share} aria-label={`Upload of ${name}`} />
        <span class="number">{percent(state.share)}</span>
        {cancel}
      </div>
    );
  }
  if (state === undefined && (clip.upload === null || clip.upload.done)) return null;
  return (
    <div class="clip-upload" data-testid="clip-upload" data-state="stopped">
      <p role="status">
        {state?.problem ?? "The upload broke off when the page was closed."}
        {state !== undefined && state.share > 0 && ` ${percent(state.share)} is there.`}
      </p>
      <button
        type="button"
        class="button primary"
        data-testid="clip-upload-resume"
        aria-label={`Resume the upload of ${name}`}
        onClick={() => model.upload(clip)}
      >
        Resume
      </button>
      {cancel}
    </div>
  );
}
