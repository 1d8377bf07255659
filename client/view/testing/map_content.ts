/** Contents of panes for tests. */
import type { MapContent } from "../pane_content.ts";

/** A pane with the Grad-CAM map of the first class, but for what is changed. */
export function mapContent(changes: Partial<MapContent> = {}): MapContent {
  return {
    kind: "map",
    method: "grad-cam",
    target: { kind: "rank", rank: 1 },
    against: null,
    layer: null,
    options: {},
    ...changes,
  };
}
