import { Trash2 } from "lucide-preact";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { pictureCount } from "./words.ts";

/** Properties of the actions. */
export interface ReviewActionsProps {
  /** Pictures that are selected. */
  readonly count: number;
  readonly classes: TaughtState["classes"];
  readonly onDelete: () => void;
  readonly onMove: (into: string) => void;
}

/** What can be done with the pictures that are selected. */
export function ReviewActions({ count, classes, onDelete, onMove }: ReviewActionsProps) {
  return (
    <div class="class-actions">
      <button
        type="button"
        class="button"
        data-testid="delete-pictures"
        disabled={count === 0}
        onClick={onDelete}
      >
        <Trash2 aria-hidden="true" /> Delete {count === 0 ? "selected" : pictureCount(count)}
      </button>
      <span class="select">
        <select
          aria-label="Move the selected pictures to another class"
          value=""
          disabled={count === 0}
          data-testid="move-pictures"
          onChange={({ currentTarget }) => {
            const into = currentTarget.value;
            currentTarget.value = "";
            if (into !== "") onMove(into);
          }}
        >
          <option value="">Move to…</option>
          {classes.map(({ key, name }) => <option key={key} value={key}>{name}</option>)}
        </select>
      </span>
    </div>
  );
}
