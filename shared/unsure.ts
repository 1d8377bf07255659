/** Whether the network is unsure of a picture, and the words for it (docs/unsure.md has the measurements). */

import type { Head } from "./protocol.ts";

/** Below this probability of the first class the network is not sure, 0…1. */
export const UNSURE_BELOW = 0.2;

/** A moving picture that the network was not sure of becomes sure only from this probability on, so that it does not blink. */
export const SURE_FROM = 0.25;

/** A model of few classes is not sure below this many times the probability of a guess. */
const TIMES_CHANCE = 1.5;

/** Opacity of a map, as a share of its own, while nothing is sure. */
export const UNSURE_OPACITY = 0.4;

/** Said of a map that is drawn so: "live, dimmed: not sure". */
export const DIMMED_WORDS = "dimmed: not sure";

/**
 * Whether the network is unsure.
 *
 * @param probability of the first class, 0…1
 * @param model how many classes it has and whether they share one probability, of which each has a part by chance
 * @param wasUnsure of the moment before in a moving picture
 */
export function isUnsure(
  probability: number,
  { classes, head = "softmax" }: { readonly classes: number; readonly head?: Head | undefined },
  wasUnsure = false,
): boolean {
  const byChance = head === "softmax" ? TIMES_CHANCE / classes : 0;
  return probability < Math.max(wasUnsure ? SURE_FROM : UNSURE_BELOW, byChance);
}

/** What the model can tell apart, for those who show it something else: "It knows … Try banana or coffee mug." */
export function knowsWords(
  { knows, tries }: { readonly knows: string; readonly tries: readonly string[] },
): string {
  const [last, ...others] = [...tries].reverse();
  if (last === undefined) return `It knows ${knows}.`;
  const list = others.length === 0 ? last : `${others.reverse().join(", ")} or ${last}`;
  return `It knows ${knows}. Try ${list}.`;
}

/** The headline while nothing is sure: "Not sure: perhaps barbell (8 %)"; `percent` is the probability as text. */
export function unsureWords(name: string, percent: string): string {
  return `Not sure: perhaps ${name} (${percent})`;
}
