import { ChevronRight, Plus } from "lucide-preact";
import type { TreeRow } from "./structure.ts";

/** Without it the name that is read aloud runs into what comes before it. */
const WORD_SPACE = " ";

/** Properties of a line. */
export interface TreeLineProps {
  readonly row: TreeRow;
  /** Whether its layer is the one that is looked at. */
  readonly selected: boolean;
  /** Whether Tab leads to it. */
  readonly current: boolean;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
}

/** A line of the tree: a stage, a block or a layer. */
export function TreeLine({ row, selected, current, onFocus, onChoose }: TreeLineProps) {
  return (
    <li
      class={`tree-row tree-${row.kind}`}
      role="treeitem"
      data-id={row.id}
      data-arc={row.arc ?? undefined}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.open ?? undefined}
      aria-selected={selected}
      aria-disabled={row.open === null && row.layer === null}
      aria-description={row.skip ?? undefined}
      tabIndex={current ? 0 : -1}
      onFocus={onFocus}
      onClick={onChoose}
    >
      {row.open !== null && <ChevronRight class="chevron" aria-hidden="true" />}
      <span class="tree-name">{row.name}</span>
      {row.skip !== null && (
        <span class="skip" title={row.skip}>
          <Plus aria-hidden="true" />
        </span>
      )}
      {WORD_SPACE}
      <span class="tree-detail" title={row.detail}>{row.detail}</span>
    </li>
  );
}
