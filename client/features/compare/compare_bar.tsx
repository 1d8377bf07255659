import { Plus } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import { MAX_PANES } from "../../../shared/limits.ts";
import type { ListedModel, Welcome } from "../../../shared/protocol.ts";
import { type SameMapFacts, sameMapReason, sameMapWords } from "../../methods/same_maps.ts";
import type { ViewState } from "../../view/view_state.ts";
import type { Compare } from "./model.ts";
import { NEW_PANES, newContent } from "./new_pane.ts";
import { samePanes } from "./same_panes.ts";

/** Properties of the bar. */
export interface CompareBarProps {
  readonly compare: Compare;
  /** The main pane's view. */
  readonly view: ReadonlySignal<ViewState>;
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly models: ReadonlySignal<readonly ListedModel[]>;
  /** What can be done with a model; reads a signal. */
  readonly factsOf: (id: string) => SameMapFacts | undefined;
}

/** What stands under the panes: another one, maps that are the same, one scale for all; nothing while the comparison is closed. */
export function CompareBar({ compare, view, welcome, models: listed, factsOf }: CompareBarProps) {
  if (!compare.open.value) return null;
  const { panes } = compare.set.value;
  const usable = listed.value.filter(({ state }) => state !== "failed");
  const full = panes.length >= MAX_PANES;
  const add = (chosen: string) => {
    const what = NEW_PANES.find(([id]) => id === chosen)?.[0];
    if (what === undefined) return;
    const contents = panes.map(({ content }) => content);
    const { methods = [] } = welcome.value ?? {};
    const models = usable.map(({ id }) => id);
    const content = newContent(what, { current: view.value.current, models, methods, contents });
    compare.change({ kind: "added", content });
  };
  return (
    <div class="compare-bar" role="group" aria-label="Compare">
      <label class="select add-pane">
        <Plus aria-hidden="true" />
        <span class="visually-hidden">Add a pane</span>
        <select
          data-testid="add-pane"
          disabled={full}
          value=""
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            currentTarget.value = "";
            add(value);
          }}
        >
          <option value="">{full ? "Six at most" : "Add a pane…"}</option>
          {NEW_PANES.filter(([id]) => id !== "model" || usable.length > 1).map(([id, words]) => (
            <option key={id} value={id}>{words}</option>
          ))}
        </select>
      </label>
      <SamePanes {...{ compare, view, welcome, factsOf }} />
      <label class="check" title="Same colours mean the same number in every pane">
        <input
          type="checkbox"
          data-testid="one-scale"
          checked={compare.oneScale.value}
          onChange={(event) => compare.setOneScale(event.currentTarget.checked)}
        />
        One scale for all
      </label>
    </div>
  );
}

/** Says which panes show the same map whatever the picture: what looks like agreement is none. */
function SamePanes({ compare, view, welcome, factsOf }: Omit<CompareBarProps, "models">) {
  const facts = welcome.value;
  const panes = compare.set.value.panes.flatMap(({ content }) => content.kind === "map" ? [content] : []);
  const same = samePanes({
    main: view.value.current,
    panes,
    factsOf: (model) => (model === undefined ? facts : factsOf(model)) ?? null,
  });
  if (same === null) return null;
  const nameOf = (id: string) => facts?.methods.find((one) => one.id === id)?.name ?? id;
  return (
    <p class="muted small" title={sameMapReason(same, nameOf)} data-testid="same-panes">
      {sameMapWords(same, nameOf)}
    </p>
  );
}
