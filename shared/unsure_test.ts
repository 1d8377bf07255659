import assert from "node:assert/strict";
import { isUnsure, knowsWords, SURE_FROM, UNSURE_BELOW, unsureWords } from "./unsure.ts";

Deno.test("isUnsure() holds below 20 %, and stays until 25 % on a moving picture", () => {
  assert.deepEqual([0.08, 0.199, 0.2, 0.9].map((one) => isUnsure(one, { classes: 1_000 })), [
    true,
    true,
    false,
    false,
  ]);
  assert.deepEqual([0.2, 0.249, 0.25].map((one) => isUnsure(one, { classes: 1_000 }, true)), [
    true,
    true,
    false,
  ]);
  assert.ok(UNSURE_BELOW < SURE_FROM);
});

Deno.test("isUnsure() asks no more of few classes that do not exclude each other", () => {
  assert.deepEqual([0.19, 0.2].map((one) => isUnsure(one, { classes: 2, head: "sigmoid" })), [true, false]);
});

Deno.test("isUnsure() asks more of a model of few classes, where a guess is right now and then", () => {
  assert.deepEqual([0.55, 0.74, 0.76].map((one) => isUnsure(one, { classes: 2 })), [true, true, false]);
  assert.deepEqual([0.3, 0.51].map((one) => isUnsure(one, { classes: 3 })), [true, false]);
});

Deno.test("unsureWords() and knowsWords() are sentences", () => {
  assert.equal(unsureWords("barbell", "8 %"), "Not sure: perhaps barbell (8 %)");
  const knows = "3 classes";
  assert.equal(knowsWords({ knows, tries: [] }), "It knows 3 classes.");
  assert.equal(knowsWords({ knows, tries: ["cup"] }), "It knows 3 classes. Try cup.");
  assert.equal(
    knowsWords({ knows, tries: ["cup", "cat", "dog"] }),
    "It knows 3 classes. Try cup, cat or dog.",
  );
});
