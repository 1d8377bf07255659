/** The server's trash: what was deleted within the last week, to be restored. */
import { RotateCcw } from "lucide-preact";
import type { TrashedClipMessage } from "../../../shared/clip_wire.ts";
import { DeleteForGood } from "../../ui/delete_for_good.tsx";
import { fileSize } from "../../ui/format.ts";

/** Properties of the trash. */
export interface TrashProps {
  /** The last deleted first. */
  readonly clips: readonly TrashedClipMessage[];
  readonly onRestore: (clip: TrashedClipMessage) => void;
  readonly onEmpty: () => void;
}

/** A fold with the trash; nothing where it is empty. */
export function Trash({ clips, onRestore, onEmpty }: TrashProps) {
  if (clips.length === 0) return null;
  return (
    <details class="fold clips-trash" data-testid="clips-trash">
      <summary>Trash on the server ({clips.length})</summary>
      <p class="muted small">
        Deleted clips can be restored for a week, unless the server needs their room for new ones.
      </p>
      <ul class="trash-list">
        {clips.map((clip) => <TrashedClip key={clip.id} clip={clip} onRestore={onRestore} />)}
      </ul>
      <DeleteForGood
        key={clips.length}
        question={clips.length === 1
          ? "Delete this clip for good?"
          : `Delete these ${clips.length} clips for good?`}
        testid="trash-empty"
        onDelete={onEmpty}
      />
    </details>
  );
}

function TrashedClip(
  { clip, onRestore }: { readonly clip: TrashedClipMessage } & Pick<TrashProps, "onRestore">,
) {
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
          // The button goes with its line: the focus moves to the heading.
          document.getElementById("drawer-title")?.focus();
          onRestore(clip);
        }}
      >
        <RotateCcw aria-hidden="true" /> Restore
      </button>
    </li>
  );
}
