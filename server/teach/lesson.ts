/** What a head is fitted to: the pictures of a moment, as rows with labels. */
import { MIN_TAUGHT_PICTURES } from "../../shared/limits.ts";
import type { LabelledRows } from "../heads/mod.ts";
import { type Collection, type Pictures, picturesOf, type TaughtClass } from "./collection.ts";
import type { FeatureTable } from "./feature_table.ts";

/** Classes that a head needs. */
const LEAST_CLASSES = 2;

/** Rows with labels, and what they belong to. */
export interface Lesson {
  /** Keys of the classes, in the order of the labels. */
  readonly keys: readonly string[];
  /** `[rows]` the pictures. */
  readonly ids: readonly number[];
  readonly from: LabelledRows;
}

/** A lesson, or why there is none. */
export type LessonOrReason = { readonly lesson: Lesson } | { readonly reason: string };

/** Classes with pictures enough to be learned. */
export function learnableClasses(collection: Collection, pictures: Pictures): readonly TaughtClass[] {
  const counts = countsOf(pictures);
  return collection.classes.filter(({ key }) => (counts.get(key) ?? 0) >= MIN_TAUGHT_PICTURES);
}

/** Pictures of each class, by its key. */
export function countsOf(pictures: Pictures): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class: key, removed } of pictures.values()) {
    if (!removed) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Puts a lesson together. */
export function lessonOf(collection: Collection, pictures: Pictures, table: FeatureTable): LessonOrReason {
  const classes = learnableClasses(collection, pictures);
  if (classes.length < LEAST_CLASSES) return { reason: missing(collection, pictures) };
  const labels = new Map(classes.map(({ key }, label) => [key, label]));
  const some = picturesOf(pictures).filter((one) => labels.has(one.class) && table.has(one.id));
  const ids = some.map(({ id }) => id);
  return {
    lesson: {
      keys: classes.map(({ key }) => key),
      ids,
      from: {
        rows: table.rows(ids),
        labels: Int32Array.from(some, (one) => labels.get(one.class) ?? 0),
        classes: classes.map(({ name }) => name),
        ids: ids.map(String),
      },
    },
  };
}

/** What is missing, in words for people. */
function missing({ classes }: Collection, pictures: Pictures): string {
  const counts = countsOf(pictures);
  if (classes.length < LEAST_CLASSES) {
    return classes.length === 0
      ? "Add two classes, and show each to the camera"
      : "Add a second class: something has to be told apart from";
  }
  const short = classes.map(({ key, name }) => ({ name, left: MIN_TAUGHT_PICTURES - (counts.get(key) ?? 0) }))
    .filter(({ left }) => left > 0)
    .toSorted((a, b) => a.left - b.left);
  const enough = classes.length - short.length;
  const next = short.slice(0, LEAST_CLASSES - enough);
  return `Learning begins with ${MIN_TAUGHT_PICTURES} pictures each of two classes: ${
    next.map(({ name, left }) => `${left} more of ${name}`).join(" and ")
  }`;
}
