/** The small always-on meter in words: whether hiding where a map is strong costs more than hiding as much elsewhere. Pure. */
import type { Reason } from "./protocol.ts";

/** What the small meter has measured. */
export type SmallMeter = NonNullable<Reason["meter"]>;

/** What it says of a map. */
export type MeterVerdict = "holds" | "partly" | "chance";

/** Share of the probability that strong places have to cost more than others for a map to hold, and to hold partly. */
const HOLDS = 0.2;
const PARTLY = 0.05;

/** Judges a map. */
export function meterVerdict({ drop, random }: SmallMeter): MeterVerdict {
  const more = drop - random;
  return more >= HOLDS ? "holds" : more >= PARTLY ? "partly" : "chance";
}

/** The verdict in words, which follow "this map:". */
export function meterWords(verdict: MeterVerdict): string {
  switch (verdict) {
    case "holds":
      return "holds";
    case "partly":
      return "partly holds";
    case "chance":
      return "not better than chance";
    default:
      return verdict satisfies never;
  }
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
