/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { linesOf } from "./caption_strip.ts";

/** Letters of one pixel each: only widths count here. */
const letters = { measureText: (text: string) => ({ width: text.length }) };

Deno.test("linesOf() breaks between words and cuts the last line where they are too many", () => {
  const words = "espresso, 94 %: mostly because of the upper middle";
  assert.deepEqual(linesOf(letters, words, 30, 2), ["espresso, 94 %: mostly because", "of the upper middle"]);
  assert.deepEqual(linesOf(letters, words, 18, 2), ["espresso, 94 %:", "mostly because of…"]);
  assert.deepEqual(linesOf(letters, "Rindfleischetikettierung", 10, 2), ["Rindfleis…"]);
  assert.deepEqual(linesOf(letters, "", 10, 2), []);
});
