import { useSignal } from "@preact/signals";
import { ChevronRight, Plus } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { InsideModel } from "./model.ts";
import { blockOf, rowsOf, type TreeRow } from "./structure.ts";

/** Without it the name that is read aloud runs into what comes before it. */
const WORD_SPACE = " ";

/** The network as a tree: stages by size, blocks, layers; residual adds as arcs beside the blocks they skip. */
export function StructureTree({ model }: { readonly model: InsideModel }) {
  const toggled = useSignal<ReadonlySet<string>>(new Set());
  const focused = useSignal<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const stages = model.stages.value;
  const layer = model.layer.value;
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

  function focus(row: TreeRow | undefined): void {
    if (row === undefined) return;
    focused.value = row.id;
    const lines = list.current?.querySelectorAll<HTMLElement>("[role='treeitem']") ?? [];
    [...lines].find(({ dataset }) => dataset["id"] === row.id)?.focus();
  }

  function toggle({ id }: TreeRow): void {
    const next = new Set(toggled.value);
    if (!next.delete(id)) next.add(id);
    toggled.value = next;
  }

  function choose(row: TreeRow): void {
    if (row.open !== null) toggle(row);
    else if (row.layer !== null) model.chooseLayer(row.layer);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (current === undefined) return;
    const at = rows.indexOf(current);
    const above = rows.slice(0, at).findLast(({ level }) => level < current.level);
    const acts = new Map<string, () => void>([
      ["ArrowDown", () => focus(rows[at + 1])],
      ["ArrowUp", () => focus(rows[at - 1])],
      ["Home", () => focus(rows[0])],
      ["End", () => focus(rows.at(-1))],
      ["ArrowRight", () => current.open === false ? toggle(current) : focus(rows[at + 1])],
      ["ArrowLeft", () => current.open === true ? toggle(current) : focus(above)],
      ["Enter", () => choose(current)],
      [" ", () => choose(current)],
    ]);
    const act = acts.get(event.key);
    if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  return (
    <ul class="structure" role="tree" aria-label="Layers" ref={list} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <li
          key={row.id}
          class={`tree-row tree-${row.kind}`}
          role="treeitem"
          data-id={row.id}
          data-arc={row.arc ?? undefined}
          aria-level={row.level}
          aria-posinset={row.position}
          aria-setsize={row.siblings}
          aria-expanded={row.open ?? undefined}
          aria-selected={row.open === null && row.layer === layer}
          aria-disabled={row.open === null && row.layer === null}
          aria-description={row.skip ?? undefined}
          tabIndex={row === current ? 0 : -1}
          onFocus={() => focused.value = row.id}
          onClick={() => choose(row)}
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
      ))}
    </ul>
  );
}
