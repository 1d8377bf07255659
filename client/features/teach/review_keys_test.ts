/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { meantPictures, placeOfKey } from "./review_keys.ts";

Deno.test("arrows move among ten pictures in rows of four, and stay inside", () => {
  const moves: readonly (readonly [string, number, number | null])[] = [
    ["ArrowRight", 0, 1],
    ["ArrowRight", 9, 9],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 1, 5],
    ["ArrowDown", 7, 7],
    ["ArrowUp", 5, 1],
    ["ArrowUp", 2, 2],
    ["Home", 7, 0],
    ["End", 2, 9],
    ["x", 2, null],
  ];
  for (const [key, from, to] of moves) assert.equal(placeOfKey(key, from, 10, 4), to, `${key} from ${from}`);
});

Deno.test("what is selected is meant, else what has the focus", () => {
  assert.deepEqual(meantPictures([7, 8, 9], new Set([9, 7, 100]), 1), [7, 9]);
  assert.deepEqual(meantPictures([7, 8, 9], new Set(), 1), [8]);
  assert.deepEqual(meantPictures([], new Set(), 0), []);
});
