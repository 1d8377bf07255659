import { useSignal, useSignalEffect } from "@preact/signals";
import { connectionDetail, connectionWord } from "../live/connection.ts";
import type { Page } from "./page.ts";
import { DIMMED_WORDS } from "../../shared/unsure.ts";
import { centreOfMass, whereInWords } from "../map/where.ts";
import { percent } from "../ui/format.ts";

/** Status messages and the heatmap's description change at most this often, in ms. */
const STEP_MS = 2_000;

/** Announces what the page shows to people who do not see it: the first class, the place of its evidence, the connection. */
export function Announcer({ page }: { readonly page: Page }) {
  const words = useSignal("");
  useSignalEffect(() => {
    const timer = setInterval(() => {
      page.map.overlay.canvas.setAttribute("aria-label", describeMap(page));
      words.value = announce(page);
    }, STEP_MS);
    return () => clearInterval(timer);
  });
  return <div class="visually-hidden" role="status" aria-live="polite">{words.value}</div>;
}

/** The text for the live region; numbers are left out, as every change of the text is read aloud. */
function announce(page: Page): string {
  const state = page.live.link.state.value;
  const word = connectionWord(state);
  if (word !== "live") {
    const detail = state.phase === "ended" || state.phase === "resting" ? connectionDetail(state, 0) : "";
    return `${word} ${detail}`.trim();
  }
  const { rows: [top], unsure } = page.live.board.state.value.ranking;
  if (top === undefined) return "live";
  const frozen = page.source.frozen.value ? ", frozen" : "";
  const hidden = page.stage.mapHidden.value ? ", heatmap hidden" : "";
  // A guess that comes and goes is not read aloud.
  return `${unsure ? "Not sure" : page.names.nameOf(top.index, top.label)}${frozen}${hidden}`;
}

function describeMap(page: Page): string {
  const { target } = page.live.board.state.value;
  const { map } = page.map.overlay;
  if (target === null || map === null) return "Heatmap: nothing yet";
  // Where zero means nothing, what counts is what lies above the scale's low end.
  const centre = centreOfMass(map, Math.max(0, page.map.overlay.range?.low ?? 0));
  const label = page.names.nameOf(target.index, target.label);
  const { kind } = page.map.status.value;
  if (centre === null && kind === "partial") return "Heatmap: not known for this picture, which moves";
  if (centre === null || kind === "empty") return `Heatmap: no evidence for ${label}`;
  if (kind === "unclear") return `Heatmap: no clear place for ${label}`;
  const where = `the evidence for ${label}, ${percent(target.probability)}, lies ${
    whereInWords(centre, page.stage.mirrored.value)
  }`;
  return `Heatmap: ${where}${page.stage.mapDimmed.value ? `; ${DIMMED_WORDS}` : ""}`;
}
