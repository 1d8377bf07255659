/** What the numbers of a pane's map are. Pure. */
import { DIFFERENCE_NATURE } from "../../../shared/map_values.ts";
import type { MethodInfo } from "../../../shared/protocol.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { natureOfView, unitOf } from "../../view/view_state.ts";
import type { ScaleKind } from "./scale_for_all.ts";

/** Unit and nature of a pane's map; the difference of two maps has a zero of its own. */
export function kindOfPane(content: PaneContent | undefined, methods: readonly MethodInfo[]): ScaleKind {
  const view = content?.kind === "map" ? content : { method: "", options: {}, against: null };
  return {
    unit: unitOf(view, methods),
    nature: view.against === null ? natureOfView(view, methods) : DIFFERENCE_NATURE,
  };
}
