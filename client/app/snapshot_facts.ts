/** What a snapshot shows of the page. */
import { filmCaption } from "../stage/film_caption.ts";
import { type SnapshotFacts, snapshotName } from "../stage/snapshot.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import type { Page } from "./page.ts";

/** Collects what is on the stage now, with or without its heatmap. */
export function snapshotFacts(page: Page, heatmap: boolean): SnapshotFacts {
  const { session, stage } = page;
  const { ranking, target } = session.board.state.value;
  const seen = page.seen();
  const headline = headlineWithNumber(ranking, "  ", ({ index, label }) => page.nameOf(index, label));
  return {
    picture: page.surface.current(),
    mirrored: stage.mirrored.value,
    map: session.overlay.canvas,
    opacity: heatmap ? stage.mapOpacity.value : 0,
    caption: filmCaption({
      ...seen,
      headline: headline ?? "",
      target: target === null ? null : page.nameOf(target.index, target.label),
      shading: session.inColours.value ? null : seen.shading,
      opacity: heatmap ? seen.opacity : 0,
    }),
    fileName: snapshotName(ranking, session.view.value.current.method, new Date()),
  };
}
