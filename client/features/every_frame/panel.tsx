/** The panel "Explain every frame": videos, what their films have, and how far each is. */
import { useRef } from "preact/hooks";
import { FileInput } from "../../ui/file_input.tsx";
import { Choices } from "./choices.tsx";
import { EntryCard } from "./entry_card.tsx";
import type { EveryFramePorts } from "./ports.ts";
import { FilmQueue } from "./queue.ts";
import { howWords } from "./words.ts";

/** One queue for a page: films continue while the panel is closed. */
const queues = new WeakMap<EveryFramePorts["source"], FilmQueue>();

function queueOf(ports: EveryFramePorts): FilmQueue {
  const known = queues.get(ports.source);
  if (known !== undefined) return known;
  const made = new FilmQueue(ports);
  queues.set(ports.source, made);
  return made;
}

/** The panel's content. */
export function Panel(ports: EveryFramePorts) {
  const queue = queueOf(ports);
  const field = useRef<HTMLInputElement>(null);
  const entries = queue.entries.value;
  const { seen: { methodName, modelName } } = ports.mainView();
  const shown = shownFile(ports);
  const how = howWords({ methodName, modelName, targetName: ports.targetName() });
  return (
    <div class="every-frame" data-testid="every-frame">
      <p class="muted">
        Takes a video and explains each of its frames, none left out, into a film with its sound. The film
        continues while this panel is closed or the tab is hidden; the live picture waits meanwhile.
      </p>
      <Choices choices={ports.choices.value} choose={ports.choose} />
      <p class="small" data-testid="every-frame-how">Explained by: {how}. Change it beside the picture.</p>
      <div class="every-frame-actions">
        {shown !== null && (
          <button
            type="button"
            class="button primary"
            data-testid="every-frame-shown"
            onClick={() => queue.add([shown])}
          >
            Explain every frame of “{shown.name}”
          </button>
        )}
        <button
          type="button"
          class={shown === null ? "button primary" : "button"}
          data-testid="every-frame-open"
          onClick={() => field.current?.click()}
        >
          {entries.length === 0 ? "Choose videos…" : "Add videos…"}
        </button>
      </div>
      <FileInput
        field={field}
        testid="every-frame-file"
        accept="video/*,.mkv,.mov"
        choose="files"
        onFiles={(files) => queue.add(files)}
      />
      {entries.length > 0 && (
        <ul class="every-frame-list" aria-label="Films">
          {entries.map((entry) => <EntryCard key={entry.id} entry={entry} queue={queue} />)}
        </ul>
      )}
      <p class="muted small">
        Kept in this browser until you save or remove a film: what is done of it, every 120 frames and at each
        pause. The video itself is not copied: after a reload, choose it again to continue.
      </p>
    </div>
  );
}

/** The video file that is on the stage, or null. */
function shownFile({ source: { kind: { value } } }: EveryFramePorts): File | null {
  return value.kind === "video" && value.file instanceof File ? value.file : null;
}
