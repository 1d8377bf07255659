/** What a map is made of and how far it misses the score, in words. */
import { samplesWords, scoreUnit } from "../../shared/map_values.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { formatValue } from "./words.ts";

/** "500 masks, standard error 0.004"; nothing of a method that draws no samples. */
export function madeOf({ map: { samples }, method: { sampling } }: ExplainedMap): string[] {
  return samples === undefined || sampling === null ? [] : [samplesWords(samples, sampling, formatValue)];
}

/** How far a method's sum misses the score; nothing where it claims no sum, or {@link madeOf} says it. */
export function missed({ map: { completeness }, method: { sampling }, options }: ExplainedMap): string[] {
  if (completeness === undefined || sampling?.error === "completeness") return [];
  return [`misses the score by ${formatValue(completeness)} ${scoreUnit(options)}`];
}
