/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { ReadRanking } from "../../shared/protocol.ts";
import { isCut } from "./scene_cut.ts";

function ranking(unsure: boolean, ...classes: number[]): ReadRanking {
  const rows = classes.map((index) => ({ index, label: `class ${index}`, logit: -index, probability: 0.1 }));
  return { rows, unsure };
}

Deno.test("isCut() takes a first class that was none of those before for another scene", () => {
  const before = ranking(false, 1, 2, 3, 4, 5);
  assert.equal(isCut(before, ranking(false, 5, 1, 2, 3, 4)), false);
  assert.equal(isCut(before, ranking(false, 6, 1, 2, 3, 4)), true);
  assert.equal(isCut(before, ranking(true, 6, 1, 2, 3, 4)), true);
  assert.equal(isCut(ranking(true, 1, 2), ranking(false, 6, 1)), true);
});

Deno.test("isCut() finds none at the first result and none between two unsure ones", () => {
  assert.equal(isCut(null, ranking(false, 1)), false);
  assert.equal(isCut(ranking(false), ranking(false, 1)), false);
  assert.equal(isCut(ranking(true, 1, 2), ranking(true, 6, 7)), false);
});
