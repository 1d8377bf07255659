/** What the parts of the strip get. */
import type { Layers } from "../../ui/layers.ts";
import type { TimelineModel } from "./model.ts";
import type { TimelinePorts } from "./ports.ts";

/** Properties of the strip and of its menu. */
export interface StripProps {
  readonly model: TimelineModel;
  readonly ports: TimelinePorts;
  readonly layers: Layers;
}
