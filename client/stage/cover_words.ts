/** What a cover changes, in words and numbers. Pure. */
import type { Prediction, ReadRanking } from "../../shared/protocol.ts";
import { inSentence } from "../../shared/labels.ts";
import { percent } from "../ui/format.ts";
import type { NameOf } from "../view/labels.ts";

/** How far a class has moved since nothing was covered. */
export interface Change {
  /** Percentage points, whole: below 0 it has fallen. */
  readonly points: number;
  /** "▼ 73 points" */
  readonly short: string;
  /** The same for those who hear it: "73 points less than without the cover". */
  readonly long: string;
}

/** How far a class has moved; null where it has not, or is not known without the cover. */
export function changeOf(
  { index, probability }: Pick<Prediction, "index" | "probability">,
  whole: readonly Prediction[] | null,
): Change | null {
  const before = whole?.find((one) => one.index === index);
  if (before === undefined) return null;
  const points = Math.round(100 * (probability - before.probability));
  if (points === 0) return null;
  const size = Math.abs(points);
  const words = `${size} ${size === 1 ? "point" : "points"}`;
  return {
    points,
    short: `${points < 0 ? "▼" : "▲"}\u00a0${words.replace(" ", "\u00a0")}`,
    long: `${words} ${points < 0 ? "less" : "more"} than without the cover`,
  };
}

/** What the cover does to the picture's first class, and what takes its place; empty before both are known. */
export function coverSentence(
  { rows, unsure }: ReadRanking,
  whole: readonly Prediction[] | null,
  nameOf: NameOf,
): string {
  const [before, now] = [whole?.[0], rows[0]];
  if (before === undefined || now === undefined) return "";
  const name = inSentence(nameOf(before.index, before.label));
  const left = rows.find(({ index }) => index === before.index)?.probability;
  const fall = left === undefined
    ? `${name} falls from ${percent(before.probability)} out of the first five`
    : Math.round(100 * (left - before.probability)) === 0
    ? `${name} stays at ${percent(left)}`
    : `${name} ${left < before.probability ? "falls" : "rises"} from ${percent(before.probability)} to ${
      percent(left)
    }`;
  if (now.index === before.index) return `${fall}.`;
  if (unsure) return `${fall}; nothing else is sure.`;
  return `${fall}; ${inSentence(nameOf(now.index, now.label))} takes over with ${percent(now.probability)}.`;
}
