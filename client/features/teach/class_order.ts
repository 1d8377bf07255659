/** The order of classes: own ones as the server has them, then "nothing in particular"; and which key collects which. Pure. */
import { isNothing } from "../../../shared/teach_wire.ts";

/** What the order reads of a class. */
interface Ordered {
  readonly key: string;
  readonly name: string;
}

/** The key of "nothing in particular": it stays the same however many classes come before it. */
const NOTHING_DIGIT = "0";

/** Own classes that have a key of their own. */
const DIGITS = 9;

/** Own classes first; the same list where they are first already. */
export function ownFirst<One extends Ordered>(classes: One[]): One[] {
  const ordered = [...classes.filter((one) => !isNothing(one)), ...classes.filter(isNothing)];
  return ordered.every((one, place) => one === classes[place]) ? classes : ordered;
}

/** The key that collects the class at a place of the ordered classes; null: it has none. */
export function digitOf(one: Ordered, place: number): string | null {
  if (isNothing(one)) return NOTHING_DIGIT;
  return place < DIGITS ? String(place + 1) : null;
}

/** The class that a key collects, or null. */
export function classOfDigit(classes: readonly Ordered[], digit: string): string | null {
  return classes.find((one, place) => digitOf(one, place) === digit)?.key ?? null;
}
