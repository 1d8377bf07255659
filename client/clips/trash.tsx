/** The server's trash: what was deleted within the last week, to be restored. */
import { useSignal } from "@preact/signals";
import { RotateCcw, Trash2 } from "lucide-preact";
import type { TrashedClipMessage } from "../../shared/clip_wire.ts";
import { fileSize } from "../ui/format.ts";
import type { ClipsModel } from "./clips_model.ts";

/** A fold with the trash; nothing where it is empty. */
export function Trash({ model }: { readonly model: ClipsModel }) {
  const clips = model.trash.value;
  if (clips.length === 0) return null;
  return (
    <details class="fold clips-trash" data-testid="clips-trash">
      <summary>Trash on the server ({clips.length})</summary>
      <p class="muted small">
        Deleted clips can be restored for a week, unless the server needs their room for new ones.
      </p>
      <ul class="trash-list">
        {clips.map((clip) => <TrashedClip key={clip.id} model={model} clip={clip} />)}
      </ul>
      <EmptyTrash model={model} count={clips.length} />
    </details>
  );
}

function TrashedClip({ model, clip }: { readonly model: ClipsModel; readonly clip: TrashedClipMessage }) {
  const { name, bytes, removedMs, byAge } = clip;
  const when = new Date(removedMs).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return (
    <li class="trashed" data-testid="trashed-clip">
      <span class="clip-words">
        <strong>{name}</strong>
        <span class="muted small">
          {byAge ? "Deleted for its age" : "Deleted"} {when} · <span class="number">{fileSize(bytes)}</span>
        </span>
      </span>
      <button
        type="button"
        class="button"
        data-testid="clip-restore"
        aria-label={`Restore ${name}`}
        onClick={() => {
          // The button goes with its line: whoever pressed it reads on from the heading.
          document.getElementById("drawer-title")?.focus();
          void model.restore(clip);
        }}
      >
        <RotateCcw aria-hidden="true" /> Restore
      </button>
    </li>
  );
}

/** Deletes for good, after a second press. */
function EmptyTrash({ model, count }: { readonly model: ClipsModel; readonly count: number }) {
  const asking = useSignal(false);
  if (!asking.value) {
    return (
      <button type="button" class="button" data-testid="trash-empty" onClick={() => asking.value = true}>
        <Trash2 aria-hidden="true" /> Delete for good…
      </button>
    );
  }
  return (
    <div class="trash-asking" role="group" aria-label="Delete for good">
      <p>{count === 1 ? "Delete this clip for good?" : `Delete these ${count} clips for good?`}</p>
      <button
        type="button"
        class="button primary"
        data-testid="trash-empty-yes"
        ref={(button) => button?.focus()}
        onClick={() => {
          document.getElementById("drawer-title")?.focus();
          asking.value = false;
          void model.emptyTrash();
        }}
      >
        Delete
      </button>
      <button type="button" class="button" onClick={() => asking.value = false}>Keep</button>
    </div>
  );
}
