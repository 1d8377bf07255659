import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ReplayStart } from "../../stage/replay_video.tsx";
import { PreviewActions } from "./preview_actions.tsx";
import { PreviewCauses, PreviewVideo } from "./preview_video.tsx";
import { PreviewFacts, PreviewName, PreviewProblems } from "./preview_facts.tsx";
import type { Recorder } from "./recorder.ts";
import type { Preview } from "./recorder_state.ts";
import { TrimField } from "./trim_field.tsx";
import { useSaveFile } from "./use_save_file.ts";

/** Properties of the dialog. */
export interface PreviewDialogProps {
  readonly recorder: Recorder;
  readonly preview: Preview;
  /** How its maps look at first. */
  readonly look: ReplayStart;
}

/** What is shown after a recording: look at it, trim it, name it, keep it or not. */
export function PreviewDialog({ recorder, preview, look }: PreviewDialogProps) {
  const { recorded, name, fromMs, toMs, keeping } = preview;
  const video = useRef<HTMLVideoElement>(null);
  const { saving, problem, save } = useSaveFile(recorder);
  const source = useMemo(() => URL.createObjectURL(recorded.media), [recorded]);
  useEffect(() => () => URL.revokeObjectURL(source), [source]);
  const busy = keeping || saving.value;
  return (
    <FormDialog
      onCancel={() => {
        if (!busy) recorder.discard();
      }}
      onSubmit={() => {
        if (!busy) recorder.keep();
      }}
    >
      <h2 id="preview-title">Your recording</h2>
      <PreviewCauses preview={preview} />
      <PreviewVideo source={source} sidecar={recorded.sidecar} look={look} video={video} />
      <TrimField
        durationMs={recorded.durationMs}
        fromMs={fromMs}
        toMs={toMs}
        onChange={(from, to, shownMs) => {
          recorder.trim(from, to);
          showAt(video, shownMs);
        }}
      />
      <PreviewName name={name} onName={(name) => recorder.rename(name)} />
      <PreviewFacts preview={preview} />
      <PreviewProblems problems={[preview.problem, problem.value]} />
      {recorder.trimming.value !== null && (
        <progress
          class="preview-progress"
          max="1"
          value={recorder.trimming.value}
          aria-label="Cutting the part"
        />
      )}
      <PreviewActions
        keeping={keeping}
        saving={saving.value}
        onSave={() => void save(preview)}
        onDiscard={() => recorder.discard()}
      />
    </FormDialog>
  );
}

function showAt({ current }: RefObject<HTMLVideoElement>, atMs: number): void {
  if (current !== null) current.currentTime = atMs / 1_000;
}

/** A modal dialog around a form: Escape and the form's button end it. */
function FormDialog({ onCancel, onSubmit, children }: {
  readonly onCancel: () => void;
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="help preview"
      ref={dialog}
      aria-labelledby="preview-title"
      data-testid="preview"
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <form
        class="help-body"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </dialog>
  );
}
