import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { blockOf, type LayerStage, rowsOf, type TreeRow } from "./structure.ts";
import { actOfKey } from "./tree_keys.ts";
import { TreeLine } from "./tree_line.tsx";

/** Properties of the tree. */
export interface StructureTreeProps {
  readonly stages: readonly LayerStage[];
  /** The layer that is looked at, or null. */
  readonly layer: string | null;
  readonly onChoose: (layer: string) => void;
}

/** The network as a tree: stages by size, blocks, layers; residual connections as arcs beside the blocks they skip. */
export function StructureTree({ stages, layer, onChoose }: StructureTreeProps) {
  const toggled = useSignal<ReadonlySet<string>>(new Set());
  const focused = useSignal<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const rows = rowsOf(stages, toggled.value);
  const listed = rows.some(({ id }) => id === layer);

  // The layer that is looked at is seen, however it was chosen.
  useEffect(() => {
    const block = layer === null ? null : blockOf(stages, layer);
    if (block !== null && !toggled.value.has(block)) toggled.value = new Set([...toggled.value, block]);
  }, [layer, stages]);
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>("[aria-selected='true']");
    const host = list.current;
    if (chosen === null || chosen === undefined || host === null) return;
    // Within the list alone: the page itself must not jump.
    host.scrollTop = chosen.offsetTop - host.clientHeight / 2;
  }, [layer, stages, listed]);

  const current = rows.find(({ id }) => id === focused.value) ??
    rows.find(({ id }) => id === layer) ?? rows[0];

  function focus({ id }: TreeRow): void {
    focused.value = id;
    const lines = list.current?.querySelectorAll<HTMLElement>("[role='treeitem']") ?? [];
    [...lines].find(({ dataset }) => dataset["id"] === id)?.focus();
  }

  function toggle({ id }: TreeRow): void {
    const next = new Set(toggled.value);
    if (!next.delete(id)) next.add(id);
    toggled.value = next;
  }

  function choose(row: TreeRow): void {
    if (row.open !== null) toggle(row);
    else if (row.layer !== null) onChoose(row.layer);
  }

  const acts = { focus, toggle, choose } as const;
  function onKeyDown(event: KeyboardEvent): void {
    if (current === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = actOfKey(event.key, rows, current);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (act !== "stay") acts[act.kind](act.row);
  }

  return (
    <ul class="structure" role="tree" aria-label="Layers" ref={list} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <TreeLine
          key={row.id}
          row={row}
          selected={row.open === null && row.layer === layer}
          current={row === current}
          onFocus={() => focused.value = row.id}
          onChoose={() => choose(row)}
        />
      ))}
    </ul>
  );
}
