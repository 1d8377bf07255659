/** What the check for spurious clues found, in sentences. Pure. */
import type { ClassClues } from "../../shared/teach_wire.ts";

/** More than this share outside the object is what the check looks for. */
export const SUSPICIOUS = 0.5;

type Found = Pick<ClassClues, "name" | "object" | "outside" | "area" | "suspicious">;

/** One class's sentence: how much of its evidence lies outside the object. */
export function classWords({ name, object, outside, area }: Omit<Found, "suspicious">): string {
  if (object === "none" || outside === null || area === null) {
    return `${name}: it is not known where it is in its pictures. Draw a box around it, or move it while you collect.`;
  }
  const what = object === "box" ? "the box" : "the part that moves";
  return `${name}: ${percent(outside)} of the evidence lies outside ${what}, which covers ${
    percent(1 - area)
  } of the picture.`;
}

/** The headline: which classes are recognised by their surroundings, or that nothing stands out. */
export function wordsOf(classes: readonly Found[]): string {
  const known = classes.filter(({ outside }) => outside !== null);
  const most = Math.max(...known.map(({ outside }) => outside ?? 0));
  const [first, ...others] = known.filter(({ suspicious }) => suspicious);
  if (known.length === 0) {
    return "It is not known where the objects are. Draw a box for each class, or move the objects while you collect.";
  }
  if (first === undefined) {
    return `Nothing stands out: at most ${percent(most)} of the evidence lies outside the objects.`;
  }
  if (others.length === 0) {
    return `${first.name} is recognised by its surroundings: ${
      percent(most)
    } of the evidence lies outside the object.`;
  }
  const names = [first, ...others].map(({ name }) => name);
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are recognised by their surroundings: up to ${
    percent(most)
  } of the evidence lies outside the objects.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
