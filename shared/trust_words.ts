/** The verdict on a map in words, the same on the page, in the report and in the terminal. Pure. */
import type { BaselineName, TrustVerdict } from "./trust.ts";

/** What the baselines are called. */
export const BASELINE_NAMES: Readonly<Record<BaselineName, string>> = {
  random: "a random map",
  centre: "the picture's centre",
};

/** A verdict as a headline. */
export function verdictTitle({ kind }: Pick<TrustVerdict, "kind">): string {
  switch (kind) {
    case "good":
      return "Good";
    case "doubtful":
      return "Doubtful";
    case "class-independent":
      return "Does not depend on the class";
    default:
      return kind satisfies never;
  }
}

/** Why, because of which meter, as a sentence; `name`: of the class. */
export function verdictReason({ kind, because, against }: TrustVerdict, name: string): string {
  switch (because) {
    case "evidence":
      return `The map has no evidence for ${name}: it ranks no place above another.`;
    case "random-logits":
      return `It looks nearly the same with a last layer that has learnt nothing, so it would for any class, not only ${name}.`;
    case "completeness":
      return "By completeness: the map's sum misses the score that it is to add up to by more than half.";
    case "probability":
      return `${name} has hardly any probability here, so that hiding and showing parts measures nothing.`;
    case "deletion":
    case "insertion":
      return kind === "good" ? won(because, against, name) : lost(because, against, name);
    default:
      return because satisfies never;
  }
}

function won(because: "deletion" | "insertion", against: BaselineName | null, name: string): string {
  return because === "deletion"
    ? `By deletion: taking away what it marks costs ${name} clearly more than ${takenAway(against)}.`
    : `By insertion: putting back what it marks restores ${name} clearly better than ${takenAway(against)}.`;
}

function lost(because: "deletion" | "insertion", against: BaselineName | null, name: string): string {
  if (against === null) {
    return `By deletion and insertion: ${name} does not need what it marks more than the rest of the picture.`;
  }
  return because === "deletion"
    ? `By deletion: taking away what it marks costs ${name} hardly more than ${takenAway(against)}.`
    : `By insertion: putting back what it marks restores ${name} hardly better than ${takenAway(against)}.`;
}

function takenAway(against: BaselineName | null): string {
  return against === "centre" ? "beginning at the picture's centre" : "a random map does";
}
