/** The small always-on meter in words: whether hiding where a map is strong costs more than hiding as much elsewhere. Pure. */
import type { Reason } from "./protocol.ts";
import type { TrustVerdict } from "./trust.ts";
import { verdictTitle } from "./trust_words.ts";

/** What the small meter has measured. */
export type SmallMeter = NonNullable<Reason["meter"]>;

/** What it says of a map. */
export type MeterVerdict = Exclude<TrustVerdict["kind"], "class-independent">;

/**
 * Share of the probability that strong places have to cost more than others for a map to be good; on the maps that were
 * measured (docs/methods.md) this agrees with the verdict of all meters on 62 %.
 */
const LEAST_MORE = 0.2;

/** Judges a map. */
export function meterVerdict({ drop, random }: SmallMeter): MeterVerdict {
  return drop - random >= LEAST_MORE ? "good" : "doubtful";
}

/** The verdict in the words of the view Trust, which follow "this map:". */
export function meterWords(verdict: MeterVerdict): string {
  return verdictTitle({ kind: verdict }).toLowerCase();
}

/** What was measured, in two sentences; `percent` writes a share as a percentage. */
export function meterTitle({ drop, random }: SmallMeter, percent: (share: number) => string): string {
  return `Hiding the 10, 20 and 30 % of the picture where the map is strongest ${costs(drop, percent)}. ` +
    `Hiding the same shapes elsewhere ${costs(random, percent)}.`;
}

function costs(share: number, percent: (share: number) => string): string {
  if (share < -0.005) return `raises the probability by ${percent(-share)} of itself on average`;
  return `takes ${percent(Math.max(0, share))} of the probability on average`;
}
