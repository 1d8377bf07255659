import { RotateCcw } from "lucide-preact";
import { DeleteForGood } from "../../ui/delete_for_good.tsx";
import type { TrashBatch } from "./api.ts";
import type { LogModel } from "./entry_list.ts";
import { countWords, whenWords } from "./entry_words.ts";

/** What is in the trash, folded; nothing where it is empty. */
export function TrashFold({ model }: { readonly model: LogModel }) {
  const batches = model.trash.value;
  if (batches.length === 0) return null;
  const entries = batches.reduce((sum, batch) => sum + batch.entries, 0);
  return (
    <details class="fold log-trash" data-testid="log-trash">
      <summary>Trash: {countWords(entries)}, kept for a week</summary>
      <ol class="log-batches">
        {batches.map((batch) => <Batch key={batch.undo} model={model} batch={batch} />)}
      </ol>
      <DeleteForGood
        key={entries}
        question={entries === 1
          ? "Delete this entry for good?"
          : `Delete these ${countWords(entries)} for good?`}
        testid="log-empty-trash"
        onDelete={() => model.emptyTrash()}
      />
    </details>
  );
}

function Batch({ model, batch }: { readonly model: LogModel; readonly batch: TrashBatch }) {
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
          model.restore(batch);
        }}
      >
        <RotateCcw aria-hidden="true" /> Restore
      </button>
    </li>
  );
}
