import assert from "node:assert/strict";
import { GradcastError } from "./errors.ts";
import { classOf, findClass, nearNames } from "./labels.ts";

const LABELS = [
  "tench, Tinca tinca",
  "goldfish, Carassius auratus",
  "crane",
  "coffee mug",
  "coffeepot",
  "Cardigan, Cardigan Welsh corgi",
  "cardigan",
  "crane",
  "7",
];

Deno.test("findClass() takes a whole label, one of its names, any case and spacing", () => {
  assert.equal(findClass(LABELS, "goldfish, Carassius auratus"), 1);
  assert.equal(findClass(LABELS, "goldfish"), 1);
  assert.equal(findClass(LABELS, " CARASSIUS  auratus "), 1);
});

Deno.test("findClass() prefers a whole label to a name, and the first of equal labels", () => {
  assert.equal(findClass(LABELS, "Cardigan"), 6);
  assert.equal(findClass(LABELS, "Cardigan Welsh corgi"), 5);
  assert.equal(findClass(LABELS, "crane"), 2);
});

Deno.test("findClass() takes an index, but a label of digits first", () => {
  assert.equal(findClass(LABELS, "3"), 3);
  assert.equal(findClass(LABELS, "7"), 8);
});

Deno.test("findClass() finds nothing in an empty text, a part of a name or an index out of range", () => {
  for (const text of ["", "  ", ",", "gold", "9", "-1", "1.5", "0x1"]) {
    assert.equal(findClass(LABELS, text), null);
  }
});

Deno.test("nearNames() puts names that contain the text first, then small edits", () => {
  assert.deepEqual(nearNames(LABELS, "coffe"), ["coffeepot", "coffee mug"]);
  assert.deepEqual(nearNames(LABELS, "glodfish"), ["goldfish"]);
  assert.deepEqual(nearNames(LABELS, "zzzzzz"), []);
});

Deno.test("classOf() names the bad label and near ones", () => {
  assert.throws(() => classOf(LABELS, "coffe"), {
    code: "unknown-class",
    message: "Cannot lock the class as no label is 'coffe': did you mean 'coffeepot', 'coffee mug'",
  });
  assert.throws(() => classOf(LABELS, "qqqqqq"), GradcastError);
});

Deno.test("classOf() names the allowed indexes", () => {
  assert.throws(() => classOf(LABELS, "9"), {
    message: "Cannot lock the class as the model has the indexes 0 to 8: current value is 9",
  });
});
