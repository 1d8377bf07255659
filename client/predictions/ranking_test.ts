/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Prediction } from "../../shared/protocol.ts";
import { NO_RANKING, type Ranking, settle, SWAP_PAUSE_MS } from "./ranking.ts";

function rows(...pairs: [number, number][]): Prediction[] {
  return pairs.map(([index, probability]) => ({ index, label: `class ${index}`, logit: 0, probability }));
}

const order = (ranking: Ranking) => ranking.rows.map((row) => row.index);
const FIRST = settle(NO_RANKING, rows([1, 0.6], [2, 0.3], [3, 0.1]), 0);

Deno.test("settle() shows the first result at once", () => assert.deepEqual(order(FIRST), [1, 2, 3]));

Deno.test("settle() moves the numbers without moving the rows", () => {
  const next = settle(FIRST, rows([1, 0.5], [2, 0.4], [3, 0.1]), 100);
  assert.deepEqual(next.rows.map((row) => row.probability), [0.5, 0.4, 0.1]);
  assert.equal(next.pending, false);
});

Deno.test("settle() swaps rows at most twice a second", () => {
  const swapped = rows([2, 0.6], [1, 0.3], [3, 0.1]);
  const early = settle(FIRST, swapped, SWAP_PAUSE_MS - 1);
  assert.deepEqual(order(early), [1, 2, 3]);
  assert.deepEqual(early.rows.map((row) => row.probability), [0.3, 0.6, 0.1]);
  assert.equal(early.pending, true);
  assert.deepEqual(order(settle(early, swapped, SWAP_PAUSE_MS)), [2, 1, 3]);

  let ranking = FIRST;
  let swaps = 0;
  for (let at = 40; at <= 10_000; at += 40) {
    const next = settle(ranking, at % 80 === 0 ? swapped : rows([1, 0.6], [2, 0.3], [3, 0.1]), at);
    if (order(next).join() !== order(ranking).join()) swaps++;
    ranking = next;
  }
  assert.ok(swaps <= 20, `${swaps} swaps in 10 s`);
});

Deno.test("settle() does not swap rows that are equal but for a hair", () => {
  const close = rows([2, 0.301], [1, 0.3], [3, 0.1]);
  assert.deepEqual(order(settle(FIRST, close, 5000)), [1, 2, 3]);
});

Deno.test("settle() keeps a row that left until the order may change, and no higher than the rest", () => {
  const other = rows([1, 0.6], [2, 0.3], [4, 0.05]);
  const early = settle(FIRST, other, 100);
  assert.deepEqual(order(early), [1, 2, 3]);
  assert.equal(early.rows[2]?.probability, 0.05);
  assert.deepEqual(order(settle(early, other, 600)), [1, 2, 4]);
});
