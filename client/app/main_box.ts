/** The box around the strongest region of the main map, four times a second. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Box } from "../../shared/region.ts";
import { boxOfMap } from "../map/map_box.ts";
import type { StageModel } from "../stage/stage_model.ts";
import type { Settings } from "../view/settings.ts";
import type { StreamModels } from "./stream_models.ts";

/** Follows the map while boxes are drawn; null: none is. */
export function mainBox(
  { live, map }: Pick<StreamModels, "live" | "map">,
  stage: Pick<StageModel, "network" | "enlarged">,
  settings: ReadonlySignal<Settings>,
): ReadonlySignal<Box | null> {
  const box = signal<Box | null>(null);
  const update = () => {
    const { boxes, boxThreshold } = settings.value;
    const shows = boxes && !stage.network.value && stage.enlarged.value === null;
    const next = shows ? boxOfMap(map.overlay.map, map.kind.nature, boxThreshold) : null;
    if (JSON.stringify(next) !== JSON.stringify(box.peek())) box.value = next;
  };
  effect(update);
  live.observe({ stepped: update });
  return box;
}
