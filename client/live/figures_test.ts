/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { ageText, DROP_WORDS, NO_FIGURES, notShownText, totalDrops } from "./figures.ts";

Deno.test("ageText() writes whole milliseconds, whatever the age, for people and scripts alike", () => {
  assert.deepEqual([null, 37.6, 999, 1234].map(ageText), ["– ms", "38 ms", "999 ms", "1234 ms"]);
});

Deno.test("totalDrops() sums every cause, and every cause has its words", () => {
  assert.equal(totalDrops({ ...NO_FIGURES.drops, lost: 2, slow: 3 }), 5);
  assert.deepEqual(Object.keys(DROP_WORDS).sort(), Object.keys(NO_FIGURES.drops).sort());
});

Deno.test("notShownText() gives the share of the frames that were left out", () => {
  assert.equal(notShownText(NO_FIGURES), "frames not shown: –");
  const drops = { ...NO_FIGURES.drops, replaced: 10, slow: 2 };
  assert.equal(notShownText({ drops, shown: 88 }), "frames not shown: 12 %");
});
