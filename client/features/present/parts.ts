/** What can be shown while somebody presents. Pure. */
import { PRESENT_PARTS, type PresentPart } from "../../view/settings.ts";

/** What each part is called in the menu. */
export const PART_WORDS: Readonly<Record<PresentPart, string>> = {
  label: "What the network says",
  sentence: "What it sees, and why, in a sentence",
  others: "The next four classes",
  method: "Method, and what it explains",
  status: "Connection and age",
  code: "Code for phones to watch",
};

/** The parts that are offered: without a code where no phone reaches the server, as the audience would read why. */
export function partsOffered(parts: readonly PresentPart[], reachable: boolean): PresentPart[] {
  return parts.filter((part) => part !== "code" || reachable);
}

/** The parts with one shown or hidden, in the order of the menu. */
export function partsWith(parts: readonly PresentPart[], part: PresentPart, on: boolean): PresentPart[] {
  return PRESENT_PARTS.filter((one) => one === part ? on : parts.includes(one));
}
