/** What is said of a collection that teaches badly. */
import assert from "node:assert/strict";
import type { KeptPicture } from "../store/mod.ts";
import { addClass, type Collection, newCollection } from "./collection.ts";
import { FeatureTable } from "./feature_table.ts";
import { lessonOf } from "./lesson.ts";
import { chanceOf, chanceWarning, warningsOf } from "./warnings.ts";

const WIDTH = 64;

/** A lesson of classes with so many pictures each; `row` gives their features by class and number. */
function lessonFor(counts: readonly number[], row: (label: number, number: number) => ArrayLike<number>) {
  const collection = counts.reduce<Collection>(
    (all, _, label) => addClass(all, `Class ${label}`),
    newCollection({ name: "Mine", base: "lite", baseKey: "", updatedMs: 0 }),
  );
  const pictures = new Map<number, KeptPicture>();
  const table = new FeatureTable(WIDTH);
  for (const [label, count] of counts.entries()) {
    for (let number = 0; number < count; number++) {
      const id = pictures.size + 1;
      const key = `c${label + 1}`;
      pictures.set(id, { id, class: key, hold: 1, format: "png", bytes: 1, removed: false });
      table.set(id, row(label, number));
    }
  }
  const found = lessonOf(collection, pictures, table);
  if ("reason" in found) return { reason: found.reason };
  return { lesson: found.lesson, warnings: warningsOf(collection, pictures, found.lesson) };
}

/** Rows that differ from each other. */
const different = (label: number, number: number) =>
  Float32Array.from({ length: WIDTH }, (_, at) => Math.sin(1 + at * (1 + number) + 100 * label));

function warned(counts: readonly number[], row: Parameters<typeof lessonFor>[1]) {
  return lessonFor(counts, row).warnings?.map(({ kind, classes, pictures, words }) => ({
    ...{ kind, classes, words },
    pictures: pictures.length,
  }));
}

Deno.test("pictures that differ, of classes of the same size, are warned of in no way", () => {
  assert.deepEqual(warned([10, 12], different), []);
});

Deno.test("a class with four times the pictures of another one is uneven", () => {
  assert.deepEqual(warned([5, 19], different), []);
  assert.deepEqual(warned([5, 20], different), [{
    kind: "uneven",
    classes: ["c1", "c2"],
    pictures: 0,
    words: "Class 1 has 20 pictures and Class 0 has 5: what is seen more often is named more often.",
  }]);
});

Deno.test("a class with too few pictures is left out, and named", () => {
  assert.deepEqual(warned([6, 6, 2], different)?.map(({ kind, words }) => [kind, words]), [
    ["few", "Class 2 is left out until it has 5 pictures; it has 2."],
  ]);
});

Deno.test("pictures that are nearly the same are told from ten on", () => {
  const still = (label: number, number: number) => label === 0 ? different(0, 0) : different(1, number);
  assert.deepEqual(warned([9, 9], still), []);
  assert.deepEqual(warned([10, 10], still)?.map(({ kind, classes, pictures }) => [kind, classes, pictures]), [
    ["duplicates", ["c1"], 9],
  ]);
});

Deno.test("the same picture in two classes cannot be both", () => {
  const shared = (label: number, number: number) => different(number === 2 ? 0 : label, number);
  assert.deepEqual(warned([6, 6], shared), [{
    kind: "contradiction",
    classes: ["c1", "c2"],
    pictures: 2,
    words: "The same picture is in more than one class (Class 0, Class 1).",
  }]);
});

Deno.test("accuracy near that of the largest class says that nothing was learned", () => {
  const { lesson } = lessonFor([30, 10], different);
  assert.ok(lesson !== undefined);
  assert.equal(chanceOf(lesson), 0.75);
  // Two standard errors of 40 pictures are 0.137.
  assert.deepEqual(chanceWarning(0.9, lesson), []);
  const [warning] = chanceWarning(0.88, lesson);
  assert.deepEqual([warning?.kind, warning?.classes], ["chance", ["c1", "c2"]]);
  assert.match(warning?.words ?? "", /in 88 % of all cases.*largest class is right in 75 %/u);
});

Deno.test("what is missing before anything can be learned is said", () => {
  assert.deepEqual(lessonFor([], different), { reason: "Add two classes, and show each to the camera" });
  assert.deepEqual(lessonFor([9], different), {
    reason: "Add a second class: something has to be told apart from",
  });
  assert.deepEqual(lessonFor([9, 3, 1], different), {
    reason: "Learning begins with 5 pictures each of two classes: 2 more of Class 1",
  });
});
