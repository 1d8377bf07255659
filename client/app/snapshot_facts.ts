/** Snapshots of the page. */
import { filmCaption } from "../stage/film_caption.ts";
import { saveSnapshot, type SnapshotFacts, snapshotName } from "../stage/snapshot.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import type { Page } from "./page.ts";
import { seenNow } from "./seen_now.ts";

/** Collects what is on the stage now, with or without its heatmap. */
function snapshotFacts(page: Page, heatmap: boolean): SnapshotFacts {
  const { live, view, map, stage } = page;
  const { ranking, target } = live.board.state.value;
  const seen = seenNow(page);
  const headline = headlineWithNumber(ranking, "  ", ({ index, label }) => page.names.nameOf(index, label));
  return {
    picture: page.surface.current(),
    mirrored: seen.mirrored,
    aspect: seen.aspect,
    cover: stage.cover.value,
    map: map.overlay.canvas,
    opacity: heatmap ? stage.mapOpacity.value : 0,
    caption: filmCaption({
      ...seen,
      headline: headline ?? "",
      target: target === null ? null : page.names.nameOf(target.index, target.label),
      shading: map.inColours.value ? null : seen.shading,
      opacity: heatmap ? seen.opacity : 0,
    }),
    fileName: snapshotName(ranking, view.state.value.current.method, new Date()),
  };
}

/** Saves a snapshot as a file. */
export function savePageSnapshot(page: Page, heatmap: boolean): void {
  saveSnapshot(snapshotFacts(page, heatmap)).catch(() =>
    page.toasts.say("The snapshot could not be saved. Reload the page and try again, or take a screenshot.")
  );
}
