import { useSignal } from "@preact/signals";
import { Trash2 } from "lucide-preact";

/** Properties of the button. */
interface DeleteForGoodProps {
  /** What is asked before, such as "Delete these 2 clips for good?". */
  readonly question: string;
  readonly testid: string;
  readonly onDelete: () => void;
}

/** Nothing undoes this: it asks first. */
export function DeleteForGood({ question, testid, onDelete }: DeleteForGoodProps) {
  const asking = useSignal(false);
  if (!asking.value) {
    return (
      <button type="button" class="button" data-testid={testid} onClick={() => asking.value = true}>
        <Trash2 aria-hidden="true" /> Delete for good…
      </button>
    );
  }
  return (
    <div class="asking" role="group" aria-label="Delete for good">
      <p>{question}</p>
      <button
        type="button"
        class="button primary"
        data-testid={`${testid}-yes`}
        ref={(button) => button?.focus()}
        onClick={({ detail }) => {
          // The second half of a double press is no answer.
          if (detail > 1) return;
          // The buttons go with what they delete: whoever pressed one reads on from the heading.
          document.getElementById("drawer-title")?.focus();
          asking.value = false;
          onDelete();
        }}
      >
        Delete
      </button>
      <button type="button" class="button" onClick={() => asking.value = false}>Keep</button>
    </div>
  );
}
