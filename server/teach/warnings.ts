/** What is wrong, or may be, with what a model is taught from. Pure. */
import { MIN_TAUGHT_PICTURES } from "../../shared/limits.ts";
import type { TaughtWarning } from "../../shared/teach_wire.ts";
import { rowAt } from "../heads/mod.ts";
import type { Collection, Pictures } from "./collection.ts";
import { countsOf, type Lesson } from "./lesson.ts";

/** A class with this many times the pictures of another one is uneven. */
const UNEVEN = 4;

/** Cosine of features above which two pictures in a row are nearly the same. */
const ALIKE = 0.999;

/** Share of a class's pictures that are nearly the same as the one before, and pictures that it takes to say so. */
const DUPLICATES_SHARE = 0.8;
const DUPLICATES_LEAST = 10;

/** Standard errors by which accuracy has to lie above chance. */
const ERRORS_ABOVE_CHANCE = 2;

/** Pictures that a warning names at most. */
const SHOWN = 24;

/** Accuracy of always naming the largest class. */
export function chanceOf({ from: { labels } }: Lesson): number {
  const counts = Map.groupBy(labels, (label) => label);
  return Math.max(...[...counts.values()].map((some) => some.length)) / labels.length;
}

/** Warnings that need no validation. */
export function warningsOf(collection: Collection, pictures: Pictures, lesson: Lesson): TaughtWarning[] {
  return [
    ...few(collection, pictures, lesson),
    ...uneven(collection, pictures, lesson),
    ...contradictions(collection, lesson),
    ...duplicates(collection, lesson),
  ];
}

/** Whether cross-validation says that nothing was learned. */
export function chanceWarning(accuracy: number, lesson: Lesson): TaughtWarning[] {
  const chance = chanceOf(lesson);
  const rows = lesson.ids.length;
  if (accuracy > chance + ERRORS_ABOVE_CHANCE * Math.sqrt(chance * (1 - chance) / rows)) return [];
  return [{
    kind: "chance",
    words:
      `Pictures that it has not seen are named rightly in ${percent(accuracy)} of all cases; always naming ` +
      `the largest class is right in ${percent(chance)}. The classes look the same to this network.`,
    classes: [...lesson.keys],
    pictures: [],
  }];
}

function few({ classes }: Collection, pictures: Pictures, { keys }: Lesson): TaughtWarning[] {
  const counts = countsOf(pictures);
  return classes.filter(({ key }) => !keys.includes(key)).map(({ key, name }) => ({
    kind: "few",
    words: `${name} is left out until it has ${MIN_TAUGHT_PICTURES} pictures; it has ${
      counts.get(key) ?? 0
    }.`,
    classes: [key],
    pictures: [],
  }));
}

function uneven({ classes }: Collection, pictures: Pictures, { keys }: Lesson): TaughtWarning[] {
  const counts = countsOf(pictures);
  const sorted = classes.filter(({ key }) => keys.includes(key))
    .map(({ key, name }) => ({ key, name, count: counts.get(key) ?? 0 }))
    .toSorted((a, b) => a.count - b.count);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined || most.count < UNEVEN * least.count) return [];
  return [{
    kind: "uneven",
    words:
      `${most.name} has ${most.count} pictures and ${least.name} has ${least.count}: what is seen more often ` +
      "is named more often.",
    classes: [least.key, most.key],
    pictures: [],
  }];
}

/** The same picture in two classes: equal features. */
function contradictions(
  { classes }: Collection,
  { ids, keys, from: { rows, labels } }: Lesson,
): TaughtWarning[] {
  const byRow = Map.groupBy(ids.keys(), (place) => {
    const { buffer, byteOffset, length } = rowAt(rows, place);
    // Bits of the numbers as characters: equal rows are equal texts.
    return String.fromCharCode(...new Uint16Array(buffer, byteOffset, 2 * Math.min(length, HASHED)));
  });
  const same = [...byRow.values()].filter((places) => new Set(places.map((place) => labels[place])).size > 1);
  if (same.length === 0) return [];
  const places = same.flat();
  const found = [...new Set(places.map((place) => keys[labels[place] ?? 0] ?? ""))];
  const names = classes.filter(({ key }) => found.includes(key)).map(({ name }) => name);
  return [{
    kind: "contradiction",
    words: `${
      same.length === 1 ? "The same picture is" : `${same.length} pictures are`
    } in more than one class (${names.join(", ")}).`,
    classes: found,
    pictures: places.slice(0, SHOWN).map((place) => ids[place] ?? 0),
  }];
}

/** Numbers of a row that are compared bit by bit: two different pictures do not agree in so many. */
const HASHED = 64;

function duplicates({ classes }: Collection, { ids, keys, from: { rows, labels } }: Lesson): TaughtWarning[] {
  return keys.flatMap((key, label) => {
    const places = [...ids.keys()].filter((place) => labels[place] === label);
    if (places.length < DUPLICATES_LEAST) return [];
    const alike = places.filter((place, at) =>
      at > 0 && cosine(rowAt(rows, place), rowAt(rows, places[at - 1] ?? 0)) > ALIKE
    );
    if (alike.length < DUPLICATES_SHARE * (places.length - 1)) return [];
    const name = classes.find((one) => one.key === key)?.name ?? key;
    return [{
      kind: "duplicates",
      words: `Nearly all pictures of ${name} are the same.`,
      classes: [key],
      pictures: alike.slice(0, SHOWN).map((place) => ids[place] ?? 0),
    }];
  });
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, left, right] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
