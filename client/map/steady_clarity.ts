/** Keeps "no clear place" from blinking while the picture moves. Pure. */
import type { Clarity } from "../../shared/clear_place.ts";

/** Maps of a moving picture that are unclear for a shorter time than this are taken for clear, in ms. */
export const UNCLEAR_FOR_MS = 1_000;

/** Since when maps have been unclear without a break, in ms; null: the last one was clear. */
export type UnclearSince = number | null;

/** Takes the newest map's clarity; of a held picture it counts at once. */
export function steadyClarity(
  since: UnclearSince,
  { clarity, still, nowMs }: { readonly clarity: Clarity; readonly still: boolean; readonly nowMs: number },
): { readonly since: UnclearSince; readonly shown: Clarity } {
  if (clarity === "clear") return { since: null, shown: "clear" };
  const began = since ?? nowMs;
  return { since: began, shown: still || nowMs - began >= UNCLEAR_FOR_MS ? clarity : "clear" };
}
