import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { FileInput } from "../../ui/file_input.tsx";
import { saveFile } from "../../ui/save_file.ts";
import { type Entry, filmFileName } from "./entry_state.ts";
import { FilmPreview } from "./film_preview.tsx";
import type { FilmQueue } from "./queue.ts";
import { phaseWords } from "./words.ts";

/** One video: how far its film is, and what can be done with it. */
export function EntryCard({ entry, queue }: { readonly entry: Entry; readonly queue: FilmQueue }) {
  const { id, name, how, phase } = entry;
  const share = shareOf(entry);
  return (
    <li class="every-frame-entry" data-testid="every-frame-entry" data-phase={phase.kind}>
      <strong class="every-frame-name">{name}</strong>
      <span class="muted small">{how}</span>
      {share !== null && <progress max="1" value={share} aria-label={`Share of ${name} that is done`} />}
      <span
        class="number small"
        role={phase.kind === "failed" || phase.kind === "paused" && phase.why !== null ? "alert" : undefined}
        data-testid="every-frame-words"
      >
        {phaseWords(phase)}
      </span>
      {phase.kind === "done" && <FilmPreview film={phase.film} />}
      <div class="every-frame-actions">
        <Actions entry={entry} queue={queue} />
        <button
          type="button"
          class="button"
          aria-label={`${phase.kind === "done" || phase.kind === "failed" ? "Remove" : "Cancel"} ${name}`}
          data-testid="every-frame-remove"
          onClick={() => queue.remove(id)}
        >
          {phase.kind === "done" || phase.kind === "failed" ? "Remove" : "Cancel"}
        </button>
      </div>
    </li>
  );
}

function Actions(
  { entry: { id, name, phase }, queue }: { readonly entry: Entry; readonly queue: FilmQueue },
) {
  const field = useRef<HTMLInputElement>(null);
  switch (phase.kind) {
    case "running":
      return <Act testid="every-frame-pause" run={() => queue.pause(id)}>Pause</Act>;
    case "paused":
      return <Act primary testid="every-frame-resume" run={() => queue.resume(id)}>Resume</Act>;
    case "asleep":
      return (
        <>
          <Act primary testid="every-frame-choose" run={() => field.current?.click()}>Choose “{name}”…</Act>
          <FileInput
            field={field}
            testid="every-frame-again"
            accept="video/*,.mkv,.mov"
            onFiles={([file]) => file !== undefined && queue.reopen(id, file)}
          />
        </>
      );
    case "done": {
      const { media, sidecar } = phase.film;
      const ending = media.type === "video/webm" ? "webm" : "mp4";
      return (
        <>
          <Act primary testid="every-frame-save" run={() => saveFile(media, filmFileName(name, ending))}>
            Save the film
          </Act>
          <Act testid="every-frame-sidecar" run={() => saveFile(sidecar, filmFileName(name, "json"))}>
            Save the numbers
          </Act>
        </>
      );
    }
    case "waiting":
    case "stopping":
    case "joining":
    case "failed":
      return null;
    default: {
      const _never: never = phase;
      return _never;
    }
  }
}

function Act({ primary = false, testid, run, children }: {
  /** Whether it is what to do next. */
  readonly primary?: boolean;
  readonly testid: string;
  readonly run: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <button type="button" class={primary ? "button primary" : "button"} data-testid={testid} onClick={run}>
      {children}
    </button>
  );
}

/** Share that is done, 0…1; null where nothing is being made. */
function shareOf({ phase }: Entry): number | null {
  switch (phase.kind) {
    case "running":
    case "stopping":
    case "paused":
      return phase.progress.total === null || phase.progress.total === 0
        ? 0
        : Math.min(1, phase.progress.done / phase.progress.total);
    case "joining":
      return phase.share;
    case "waiting":
    case "asleep":
    case "done":
    case "failed":
      return null;
    default: {
      const _never: never = phase;
      return _never;
    }
  }
}
