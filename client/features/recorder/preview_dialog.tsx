import { useSignal } from "@preact/signals";
import { Check, Download, Trash2 } from "lucide-preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { clipFileName, clipTypeOf, MAX_CLIP_NAME_CHARS } from "../../../shared/clips.ts";
import { ReplayVideo } from "../../stage/replay_video.tsx";
import type { Page } from "../../app/page.ts";
import { fileSize, playTime } from "../../ui/format.ts";
import { saveFile } from "../../ui/save_file.ts";
import { causeWords, type Preview } from "./recorder_state.ts";
import { TrimField } from "./trim_field.tsx";

/** What is shown after a recording: look at it, cut it, name it, keep it or not. */
export function PreviewDialog({ page, preview }: { readonly page: Page; readonly preview: Preview }) {
  const { recorded, cause, name, fromMs, toMs, keeping } = preview;
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const saving = useSignal(false);
  const saveProblem = useSignal("");
  const unplayable = useSignal(false);
  const source = useMemo(() => URL.createObjectURL(recorded.media), [recorded]);
  useEffect(() => {
    dialog.current?.showModal();
    return () => URL.revokeObjectURL(source);
  }, [source]);
  const busy = keeping || saving.value;
  const { colormap, opacity, recordCaption } = page.settings.peek();

  async function save(): Promise<void> {
    saving.value = true;
    saveProblem.value = "";
    try {
      const media = await page.recorder.cut(preview);
      saveFile(media, clipFileName(name, clipTypeOf(media.type) ?? "video/webm"));
    } catch {
      saveProblem.value = "The part could not be cut. Save the whole recording instead.";
    } finally {
      saving.value = false;
    }
  }

  return (
    <dialog
      class="help preview"
      ref={dialog}
      aria-labelledby="preview-title"
      data-testid="preview"
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) page.recorder.discard();
      }}
    >
      <form
        class="help-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) page.recorder.keep();
        }}
      >
        <h2 id="preview-title">Your recording</h2>
        {causeWords(cause) !== "" && <p class="note-line" data-testid="preview-cause">{causeWords(cause)}</p>}
        {recorded.means === "browser" && (
          <p class="note-line" data-testid="preview-means">
            This browser cannot write pictures one by one: its own recorder made this film, whose times are
            approximate.
          </p>
        )}
        {unplayable.value
          ? <p role="alert">This browser cannot play what it recorded. Save it and open it elsewhere.</p>
          : (
            <ReplayVideo
              source={source}
              sidecar={recorded.sidecar}
              name="The recording"
              colormap={colormap}
              opacity={opacity}
              caption={recordCaption}
              video={video}
              onFail={() => unplayable.value = true}
            />
          )}
        <TrimField
          durationMs={recorded.durationMs}
          fromMs={fromMs}
          toMs={toMs}
          onChange={(from, to, shownMs) => {
            page.recorder.trim(from, to);
            if (video.current !== null) video.current.currentTime = shownMs / 1_000;
          }}
        />
        <label class="preview-name">
          Name
          <input
            type="text"
            value={name}
            maxLength={MAX_CLIP_NAME_CHARS}
            required
            data-testid="preview-name"
            onInput={(event) => page.recorder.rename(event.currentTarget.value)}
          />
        </label>
        <p class="muted small">
          <span class="number" data-testid="preview-length">{playTime(toMs - fromMs)}</span>, {recorded.width}
          {" "}
          × {recorded.height} px, <span class="number">{fileSize(recorded.media.size)}</span>.{" "}
          What is kept stays in this browser, in Clips.
        </p>
        {[preview.problem, saveProblem.value].filter((words) => words !== "").map((words) => (
          <p class="note-line" role="alert" key={words} data-testid="preview-problem">{words}</p>
        ))}
        {page.recorder.cutting.value !== null && (
          <progress
            class="preview-progress"
            max="1"
            value={page.recorder.cutting.value}
            aria-label="Cutting the part"
          />
        )}
        <div class="preview-actions">
          <button type="submit" class="button primary" autofocus disabled={busy} data-testid="preview-keep">
            <Check aria-hidden="true" /> {keeping ? "Keeping…" : "Keep"}
          </button>
          <button
            type="button"
            class="button"
            disabled={busy}
            data-testid="preview-save"
            onClick={() => void save()}
          >
            <Download aria-hidden="true" /> {saving.value ? "Saving…" : "Save file"}
          </button>
          <button
            type="button"
            class="button"
            disabled={busy}
            data-testid="preview-discard"
            onClick={() => page.recorder.discard()}
          >
            <Trash2 aria-hidden="true" /> Discard
          </button>
        </div>
      </form>
    </dialog>
  );
}
