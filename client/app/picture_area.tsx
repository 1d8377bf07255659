import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { CompareGrid } from "../features/compare/mod.ts";
import { MainStage } from "./main_stage.tsx";
import type { Page } from "./page.ts";
import { Hud } from "./recorder_parts.tsx";

/** The picture with its heatmap, alone or as the first pane of a comparison. */
export function PictureArea({ page }: { readonly page: Page }) {
  const { session, source } = page;
  const scene = useMemo(() => ({
    welcome: session.welcome,
    board: session.board.state,
    locked: page.locked,
    nameOf: page.nameOf,
    layers: page.layers,
    mirrored: page.mirrored,
    opacity: computed(() => page.mapHidden.value ? 0 : page.settings.value.opacity),
  }), [page]);
  const main = useMemo(() => {
    const { figures, status, costMs, made } = session;
    return { figures, status, costMs, made, isStill: () => source.isStill() };
  }, [page]);
  return (
    <CompareGrid
      compare={page.compare}
      hidden={page.present.value}
      view={session.view}
      main={main}
      scene={scene}
      stage={<MainStage page={page} />}
      over={<Hud page={page} />}
    />
  );
}
