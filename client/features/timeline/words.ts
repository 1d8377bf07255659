/** Moments of the timeline in words. Pure. */
import { headlineWithNumber } from "../../ui/headline.ts";
import { percent } from "../../ui/format.ts";
import { nameOf } from "../../view/labels.ts";
import type { Band } from "./bands.ts";
import type { Moment } from "./moment.ts";

/** Said where the code of an export cannot be loaded. */
export const NOT_LOADED = "The export could not be loaded. Check that the server runs, then try again.";

/** Why something could not be saved, for people: errors in the page's own words say it, those of the browser do not. */
export function notSaved(error: unknown): string {
  return error instanceof Error && error.message.startsWith("Cannot ")
    ? `${error.message}.`
    : "The browser could not store this. Let this site store data, or save the numbers or the drawing instead.";
}

/** How long ago a time is: "now", "12 s ago", "1 min 5 s ago". */
export function agoWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 1 ? "now" : `${lengthWords(ms)} ago`;
}

/** A length in words: "12 s", "1 min", "1 min 5 s". */
export function lengthWords(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes > 0 ? `${minutes} min` : "", rest > 0 ? `${rest} s` : ""].filter((words) => words !== "")
    .join(" ");
}

/** What the network said at a moment: "espresso 94 %". */
export function saidWords({ result, seen }: Moment): string {
  return headlineWithNumber(result.ranking, " ", (row) => nameOf(row, seen)) ?? "nothing yet";
}

/** A row of the table that says what the bands show. */
export interface BandWords {
  readonly began: string;
  readonly length: string;
  readonly name: string;
  readonly peak: string;
}

/** Returns the bands in words, newest first. */
export function bandWords(bands: readonly Band[], nowMs: number): readonly BandWords[] {
  return bands.map(({ fromMs, toMs, key, name, peak }) => ({
    began: agoWords(nowMs - fromMs),
    length: lengthWords(toMs - fromMs),
    name: key === null ? "not sure" : name,
    peak: percent(peak),
  })).toReversed();
}
