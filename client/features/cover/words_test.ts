/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { blockCells, NOTHING } from "./stamp.ts";
import { blockWords, coveredWords, foundWords } from "./words.ts";

const row = (index: number, label: string) => ({ index, label, logit: 0, probability: 0.5 });
const SOME = blockCells(NOTHING, { top: 0, left: 0, bottom: 8, right: 8 }, 1);
const nameOf = (_index: number, label = "") => label;

Deno.test("foundWords() says how much, where as it is seen, and what turns into what; or that nothing was found", () => {
  const found = { from: row(1, "espresso"), to: row(2, "cup") };
  assert.equal(
    foundWords(found, SOME, { nameOf, mirrored: false }),
    "Covering 6 % (upper left) turns espresso into cup. It is the smallest region found, not the smallest there is.",
  );
  assert.match(foundWords(found, SOME, { nameOf, mirrored: true }), /upper right/);
  assert.match(
    foundWords({ ...found, to: null }, null, { nameOf, mirrored: false }),
    /^No region .+ espresso stays/,
  );
  const apart = NOTHING.slice();
  for (const cell of [0, NOTHING.length - 1]) apart[cell] = 1;
  assert.match(foundWords(found, apart, { nameOf, mirrored: false }), /\(in several places\)/);
});

Deno.test("coveredWords() and blockWords() say what is covered", () => {
  assert.equal(coveredWords(NOTHING), "Nothing is covered.");
  assert.equal(coveredWords(SOME), "6 % of the picture is covered.");
  assert.match(coveredWords(NOTHING.slice().fill(1)), /^Everything is covered/);
  assert.equal(
    blockWords({ cells: SOME, size: 4, block: { row: 0, column: 7 } }, false),
    "Row 1, column 8 of 32, covered",
  );
  assert.equal(
    blockWords({ cells: SOME, size: 4, block: { row: 8, column: 0 } }, true),
    "Row 9, column 29 of 32, visible",
  );
});
