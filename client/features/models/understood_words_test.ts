/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { OPENED_MODEL } from "./testing/opened_model.ts";
import { factsOf } from "./understood_words.ts";

function words(some: Partial<typeof OPENED_MODEL>, name: string) {
  const { words, more } = factsOf({ ...OPENED_MODEL, ...some }).find((fact) => fact.name === name) ??
    assert.fail(`nothing is said of ${name}`);
  return more === undefined ? [words] : [words, more];
}

Deno.test("factsOf() says everything that --describe says", () => {
  assert.deepEqual(factsOf(OPENED_MODEL).map(({ name }) => name), [
    ...[
      "File",
      "Format",
      "Input",
      "Values",
      "Head",
      "Classes",
      "Layers",
      "Parameters",
      "Work",
      "Memory",
      "SHA-256",
    ],
  ]);
  assert.deepEqual(words({}, "Memory"), ["1.5 MB for the weights, 2.5 MB for one picture"]);
  assert.deepEqual(words({}, "SHA-256"), ["a".repeat(64), "of the file"]);
  assert.deepEqual(words({}, "Classes"), ["4: a, b, c … d", "named by labels.txt"]);
});

Deno.test("factsOf() says what is special: one channel, values of its own, classes without names", () => {
  assert.deepEqual(words({ channels: 1 }, "Input"), [
    "32 × 24 px, one channel: the colours are mixed to grey",
  ]);
  assert.deepEqual(
    words({ normalisation: null, mean: [1, 2, 3], scale: [4, 5, 6], order: "bgr" }, "Values"),
    ["(value − [1, 2, 3]) / [4, 5, 6], blue first", "a guess"],
  );
  assert.deepEqual(words({ labelsFrom: null }, "Classes")[1], "their names are not known");
  assert.deepEqual(factsOf({ ...OPENED_MODEL, memory: null, hash: null, file: "" }).length, 8);
});
