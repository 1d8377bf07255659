import { RotateCcw } from "lucide-preact";
import { DeleteForGood } from "../../ui/delete_for_good.tsx";
import type { TrashBatch } from "./api.ts";
import type { Removals } from "./removals.ts";
import { countWords, whenWords } from "./entry_words.ts";

/** Properties of the fold. */
export interface TrashFoldProps {
  readonly trash: readonly TrashBatch[];
  readonly removals: Removals;
}

/** What is in the trash, folded; nothing where it is empty. */
export function TrashFold({ trash, removals }: TrashFoldProps) {
  if (trash.length === 0) return null;
  const entries = trash.reduce((sum, batch) => sum + batch.entries, 0);
  return (
    <details class="fold log-trash" data-testid="log-trash">
      <summary>Trash: {countWords(entries)}, kept for a week</summary>
      <ol class="log-batches">
        {trash.map((batch) => (
          <Batch
            key={batch.undo}
            batch={batch}
            onRestore={() => removals.restore(batch)}
          />
        ))}
      </ol>
      <DeleteForGood
        key={entries}
        question={entries === 1
          ? "Delete this entry for good?"
          : `Delete these ${countWords(entries)} for good?`}
        testid="log-empty-trash"
        onDelete={() => removals.emptyTrash()}
      />
    </details>
  );
}

function Batch(
  { batch, onRestore }: { readonly batch: TrashBatch; readonly onRestore: () => void },
) {
  const count = countWords(batch.entries);
  const when = whenWords(batch.at);
  return (
    <li class="log-batch" data-testid="log-batch">
      <span class="log-words">
        <span>{count}</span>
        <span class="muted small">
          {batch.cause === "age" ? `moved here by age, ${when}` : `deleted ${when}`}
        </span>
      </span>
      <button
        type="button"
        class="button"
        aria-label={`Restore ${count}, ${when}`}
        data-testid="log-restore"
        onClick={() => {
          // The button goes with its line: whoever pressed it reads on from the heading.
          document.getElementById("drawer-title")?.focus();
          onRestore();
        }}
      >
        <RotateCcw aria-hidden="true" /> Restore
      </button>
    </li>
  );
}
