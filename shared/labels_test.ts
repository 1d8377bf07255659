import assert from "node:assert/strict";
import { className, comparable, inSentence, namesOf, nearNames, sharedNames, shortLabel } from "./labels.ts";

const LABELS = [
  "tench, Tinca tinca",
  "crane",
  "coffee mug",
  "coffeepot",
  "Crane",
  "caf\u00e9",
  "cafe\u0301, bar",
];

Deno.test("comparable() ignores case, spacing and Unicode composition", () => {
  assert.equal(comparable("  Caf\u00c9 \n au  LAIT"), "caf\u00e9 au lait");
  assert.equal(comparable("cafe\u0301"), comparable("caf\u00e9"));
  assert.equal(comparable("\ud800"), comparable("\ufffd"));
});

Deno.test("namesOf() and shortLabel() take a label apart", () => {
  assert.deepEqual(namesOf(" tench , Tinca  tinca,,"), ["tench", "Tinca  tinca"]);
  assert.equal(shortLabel("tench, Tinca tinca"), "tench");
  assert.equal(shortLabel(", tench"), "tench");
  assert.equal(shortLabel(" , "), "");
});

Deno.test("sharedNames() are the classes whose first name another class has", () => {
  assert.deepEqual(sharedNames(LABELS), [1, 4, 5, 6]);
  assert.deepEqual(sharedNames(["one", "two", "three, one"]), []);
});

Deno.test("className() has the index where the name alone does not say which class is meant", () => {
  const shared = sharedNames(LABELS);
  const names = LABELS.map((label, index) => className(index, label, shared));
  assert.deepEqual(names.slice(0, 5), ["tench", "crane (1)", "coffee mug", "coffeepot", "Crane (4)"]);
  assert.equal(className(7, "", []), "class 7");
});

Deno.test("inSentence() isolates names that are written from right to left, and leaves others as they are", () => {
  assert.equal(inSentence("\u0643\u0648\u0628"), "\u2068\u0643\u0648\u0628\u2069");
  for (const name of ["espresso", "caf\u00e9", '<b>"x"</b>', "\u676f", ""]) {
    assert.equal(inSentence(name), name);
  }
});

Deno.test("nearNames() puts names that contain the text first, then small edits", () => {
  assert.deepEqual(nearNames(LABELS, "coffe"), ["coffeepot", "coffee mug"]);
  assert.deepEqual(nearNames(LABELS, "tnech"), ["tench"]);
  assert.deepEqual(nearNames(LABELS, "cafe\u0301"), ["caf\u00e9", "cafe\u0301"]);
  assert.deepEqual(nearNames(LABELS, "zzzzzz"), []);
});
