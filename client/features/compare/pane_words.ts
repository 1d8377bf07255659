/** What is said of a pane: its title, and the figures below it. Pure. */
import type { MethodInfo, Prediction, Target } from "../../../shared/protocol.ts";
import { percent } from "../../ui/format.ts";
import type { NameOf } from "../../view/labels.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { targetWords } from "./pane_set.ts";

/** What titles are made of. */
export interface TitleFacts {
  readonly methods: readonly Pick<MethodInfo, "id" | "name">[];
  /** The predictions of now, the first one first. */
  readonly rows: readonly Prediction[];
  readonly nameOf: NameOf;
  /** Whether the panes show maps of several methods. */
  readonly methodsDiffer: boolean;
  /** Name of the pane's model where the panes have several; null where all have one. */
  readonly modelName: string | null;
}

/** Whether the panes, the main one included, show maps of several methods. */
export function methodsDiffer(mainMethod: string, contents: readonly PaneContent[]): boolean {
  return contents.some((content) => content.kind === "map" && content.method !== mainMethod);
}

/** Whether the panes, the main one included, show maps of several models. */
export function modelsDiffer(mainModel: string | undefined, contents: readonly PaneContent[]): boolean {
  return contents.some((content) =>
    content.kind === "map" && content.model !== undefined && content.model !== mainModel
  );
}

/** What a pane shows, in a few words: first what differs from the other panes, then the rest. */
export function titleOf(
  content: PaneContent,
  { methods, rows, nameOf, methodsDiffer, modelName }: TitleFacts,
): readonly string[] {
  if (content.kind === "original") return ["Picture"];
  const { method, target, against } = content;
  const name = methods.find(({ id }) => id === method)?.name ?? method;
  const words = (one: Target) => {
    const guessed = one.kind === "rank" ? rows[one.rank - 1] : undefined;
    if (guessed === undefined) return targetWords(one, nameOf);
    const guess = nameOf(guessed.index, guessed.label);
    // Two models are compared by how sure they are, too.
    return modelName === null ? guess : `${guess} ${percent(guessed.probability).replaceAll(" ", "\u00a0")}`;
  };
  const what = against === null ? words(target) : `${words(target)} rather than ${words(against)}`;
  const covers = content.cover === undefined ? [] : [content.cover === null ? "whole" : "covered"];
  const parts = [...covers, ...methodsDiffer ? [name, what] : [what, name]];
  if (modelName === null) return parts;
  return [modelName, methodsDiffer ? parts.join(" · ") : what];
}

/** The figures of one map. */
export interface MapFigures {
  /** Age of a live map, in ms; null while the picture is held. */
  readonly ageMs: number | null;
  /** The engine's time for it, in ms; null before the first map. */
  readonly costMs: number | null;
  /** Share of it that is computed, 0…1. */
  readonly progress: number;
  /** What a sampling method's map is made of; empty for others. */
  readonly made: string;
  /** Whether it marks no clear position. */
  readonly unclear: boolean;
}

/** Age of a live map, or how much of a held picture's one is there; what a finished one is made of; and what it cost. */
export function figureWords({ ageMs, costMs, progress, made, unclear }: MapFigures): string {
  if (costMs === null) return "waiting for the map";
  const state = ageMs !== null
    ? `${Math.round(ageMs)} ms old`
    : progress === 1
    ? made === "" ? "exact" : made
    : `${Math.floor(100 * progress)} %`;
  const place = unclear ? " · no clear place" : "";
  return `${state}${place} · cost ${costMs < 9.5 ? costMs.toFixed(1) : Math.round(costMs)} ms`;
}
