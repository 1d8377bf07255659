import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { CompareGrid } from "../features/compare/mod.ts";
import { MainStage } from "./main_stage.tsx";
import type { Page } from "./page.ts";
import { Hud } from "./recorder_parts.tsx";

/** The picture with its heatmap, alone or as the first pane of a comparison. */
export function PictureArea({ page }: { readonly page: Page }) {
  const { live, map, view, stage, source } = page;
  const scene = useMemo(() => ({
    welcome: live.welcome,
    board: live.board.state,
    cover: computed(() => view.state.value.current.cover ?? null),
    locked: view.locked,
    models: live.models.listed,
    factsOf: (id: string) => live.models.factsOf(id),
    nameOfModel: (id: string | undefined) => page.names.nameOfModel(id),
    layers: page.layers,
    mirrored: stage.mirrored,
    boxThreshold: computed(() => page.settings.value.boxes ? page.settings.value.boxThreshold : null),
    opacity: computed(() => stage.mapHidden.value ? 0 : page.settings.value.opacity),
  }), [page]);
  const main = useMemo(() => {
    const { status, costMs } = map;
    return { figures: live.figures, status, costMs, made: page.made, isStill: () => source.isStill() };
  }, [page]);
  return (
    <CompareGrid
      compare={page.compare}
      hidden={page.present.value}
      view={view.state}
      main={main}
      scene={scene}
      stage={<MainStage page={page} />}
      over={<Hud page={page} />}
    />
  );
}
