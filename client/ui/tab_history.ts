/** The tab's real history; its steps hold how many of them the page added. */
import type { TabHistory } from "./layers.ts";

const FIELD = "layers";

/** Depth of the step that the tab stands at. */
function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !(FIELD in state)) return 0;
  return typeof state[FIELD] === "number" ? state[FIELD] : 0;
}

/** Reads and changes the history of the tab that the page stands in. */
export const TAB_HISTORY: TabHistory = {
  depth,
  push: (depth) => history.pushState({ [FIELD]: depth }, ""),
  go: (by) => history.go(by),
};
