/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Prediction } from "../../shared/protocol.ts";
import { type BoardState, NO_BOARD, saysAnother } from "./board.ts";

function board(first: number, probability: number, unsure = false, target = first): BoardState {
  const row = (index: number): Prediction => ({ index, label: `class ${index}`, logit: 1, probability });
  return { ranking: { rows: [row(first)], unsure }, target: row(target), whole: null, computeMs: 1 };
}

Deno.test("saysAnother() holds for another headline or map, not for other numbers", () => {
  const shown = board(1, 0.5);
  assert.equal(saysAnother(shown, board(1, 0.7)), false);
  for (const next of [board(2, 0.5), board(1, 0.5, true), board(1, 0.5, false, 3)]) {
    assert.equal(saysAnother(shown, next), true);
  }
  assert.equal(saysAnother(NO_BOARD, shown), true);
});
