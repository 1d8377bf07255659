import { Plus } from "lucide-preact";
import { MAX_PANES } from "../../../shared/limits.ts";
import type { Page } from "../../app/page.ts";
import { RecordHud } from "../recorder/record_hud.tsx";
import { Stage } from "../../stage/stage.tsx";
import { MainFoot, MainHead, PaneCell } from "./pane_cell.tsx";
import type { PaneContent } from "../../view/pane_content.ts";

/** The picture with its heatmap, alone or as the first of several panes. */
export function CompareGrid({ page }: { readonly page: Page }) {
  const { compare } = page;
  const open = compare.open.value && !page.present.value;
  const { panes } = compare.set.value;
  const enlarged = open ? compare.enlarged.value : 0;
  // The stage keeps its place in the tree: a video that is moved stops.
  return (
    <div
      class={open ? "compare" : "alone"}
      data-cells={panes.length + 1}
      data-enlarged={open && enlarged !== null}
    >
      <article
        class="pane"
        aria-label={open ? "Main pane" : undefined}
        data-testid="pane-0"
        hidden={enlarged !== null && enlarged !== 0}
      >
        {open && <MainHead page={page} />}
        <Stage key="stage" page={page} />
        {open && <MainFoot page={page} />}
      </article>
      {open && panes.map((pane, place) => (
        <PaneCell
          key={pane.id}
          page={page}
          pane={pane}
          place={place}
          count={panes.length}
          hidden={enlarged !== null && enlarged !== pane.id}
        />
      ))}
      {/* Over all panes: the main one may be too small for it, or out of sight. */}
      {open && <RecordHud page={page} />}
    </div>
  );
}

/** What stands under the panes: another one, one scale for all. */
export function CompareBar({ page }: { readonly page: Page }) {
  const { compare } = page;
  if (!compare.open.value || page.present.value) return null;
  const { panes } = compare.set.value;
  const full = panes.length >= MAX_PANES;
  return (
    <div class="compare-bar" role="group" aria-label="Compare">
      <label class="select add-pane">
        <Plus aria-hidden="true" />
        <span class="visually-hidden">Add a pane</span>
        <select
          data-testid="add-pane"
          disabled={full}
          value=""
          onChange={(event) => {
            const content = newContent(page, event.currentTarget.value);
            event.currentTarget.value = "";
            if (content !== null) compare.change({ kind: "added", content });
          }}
        >
          <option value="">{full ? "Six at most" : "Add a pane…"}</option>
          <option value="class">Another class</option>
          <option value="method">Another method</option>
          <option value="contrast">Why one rather than another</option>
          <option value="original">The picture itself</option>
        </select>
      </label>
      <label class="check" title="Same colours mean the same number in every pane">
        <input
          type="checkbox"
          data-testid="one-scale"
          checked={compare.oneScale.value}
          onChange={(event) => page.setOneScale(event.currentTarget.checked)}
        />
        One scale for all
      </label>
    </div>
  );
}

/** What a new pane begins with: something that is not there yet. */
function newContent(page: Page, what: string): PaneContent | null {
  const { current } = page.session.view.value;
  const methods = page.session.welcome.value?.methods ?? [];
  const shown = page.compare.set.value.panes.map(({ content }) => content);
  const map = { kind: "map", method: current.method, layer: null, options: {}, against: null } as const;
  switch (what) {
    case "class": {
      const ranks = shown.flatMap((one) =>
        one.kind === "map" && one.target.kind === "rank" ? [one.target.rank] : []
      );
      const rank = [2, 3, 4, 5].find((one) => !ranks.includes(one)) ?? 2;
      return { ...map, target: { kind: "rank", rank } };
    }
    case "method": {
      const used = new Set([
        current.method,
        ...shown.flatMap((one) => one.kind === "map" ? [one.method] : []),
      ]);
      const next = methods.find(({ id, subject }) => subject === "picture" && !used.has(id));
      return { ...map, method: next?.id ?? current.method, target: current.target };
    }
    case "contrast":
      return { ...map, target: { kind: "rank", rank: 1 }, against: { kind: "rank", rank: 2 } };
    case "original":
      return { kind: "original" };
    default:
      return null;
  }
}
