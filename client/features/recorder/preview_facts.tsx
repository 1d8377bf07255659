import { MAX_CLIP_NAME_CHARS } from "../../../shared/clips.ts";
import { fileSize, playTime } from "../../ui/format.ts";
import type { Preview } from "./recorder_state.ts";

/** The field for the recording's name. */
export function PreviewName(
  { name, onName }: { readonly name: string; readonly onName: (name: string) => void },
) {
  return (
    <label class="preview-name">
      Name
      <input
        type="text"
        value={name}
        maxLength={MAX_CLIP_NAME_CHARS}
        required
        data-testid="preview-name"
        onInput={(event) => onName(event.currentTarget.value)}
      />
    </label>
  );
}

/** Length, picture and size of what is kept. */
export function PreviewFacts(
  { preview: { recorded, fromMs, toMs } }: { readonly preview: Preview },
) {
  return (
    <p class="muted small">
      <span class="number" data-testid="preview-length">{playTime(toMs - fromMs)}</span>, {recorded.width} ×
      {" "}
      {recorded.height} px, <span class="number">{fileSize(recorded.media.size)}</span>.{" "}
      What is kept stays in this browser, in Clips.
    </p>
  );
}

/** What went wrong; empty words are left out. */
export function PreviewProblems({ problems }: { readonly problems: readonly string[] }) {
  return (
    <>
      {problems.filter((words) => words !== "").map((words) => (
        <p class="note-line" role="alert" key={words} data-testid="preview-problem">{words}</p>
      ))}
    </>
  );
}
