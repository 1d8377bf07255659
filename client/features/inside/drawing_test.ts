/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { DrawnNetwork } from "../../../shared/network.ts";
import { isFull, keptRows, redrawn, refreshed, shareDrawn } from "./drawing.ts";

/** Two stages of one cell; a tile is its channel's number, lines are 10·from + to. */
function answer(first: readonly number[], second: readonly number[], lines = true): DrawnNetwork {
  const stage = (layer: string, drawn: readonly number[], next: readonly number[] | null) => ({
    ...{ layer, height: 1, width: 1, tileHeight: 1, tileWidth: 1, channels: 9, total: 1, magnitude: 20 },
    exact: false,
    drawn: drawn.map((channel) => ({ channel, value: channel })),
    lines: lines && next !== null ? drawn.flatMap((from) => next.map((to) => 10 * from + to)) : null,
  });
  const numbers = [first, second].map((drawn) => ({
    ...{ peaks: new Float32Array(9), cells: new Uint32Array(9), tiles: Uint8Array.from(drawn) },
  }));
  const target = { index: 1, label: "b", logit: 2, probability: 0.5 };
  return {
    head: {
      ...{ measure: "contribution", target: lines ? target : null, raw: null },
      stages: [stage("a", first, second), stage("b", second, null)],
    },
    raw: null,
    numbers,
  };
}

Deno.test("keptRows() leaves a channel in its row while it is among the strongest", () => {
  assert.deepEqual(keptRows([], [5, 3, 1]), [5, 3, 1]);
  assert.deepEqual(keptRows([5, 3, 1], [1, 5, 3]), [5, 3, 1]);
  assert.deepEqual(keptRows([5, 3, 1], [7, 1, 5]), [5, 7, 1]);
  assert.deepEqual(keptRows([5, 3, 1], [8, 7, 6]), [8, 7, 6]);
  assert.deepEqual(keptRows([5, 3, 1], [4, 3]), [4, 3]);
});

Deno.test("redrawn() moves tiles and lines along with the rows of their channels", () => {
  const before = redrawn(null, answer([1, 2], [3, 4]));
  const drawing = redrawn(before, answer([2, 1], [5, 3]));
  assert.deepEqual(drawing.stages.map(({ rows }) => rows.map(({ channel }) => channel)), [[1, 2], [3, 5]]);
  assert.deepEqual(drawing.stages.map(({ rows }) => rows.map(({ tile }) => tile[0])), [[1, 2], [3, 5]]);
  assert.deepEqual(drawing.stages[0]?.lines, [[13, 15], [23, 25]]);
  assert.equal(drawing.scale, 25);
});

Deno.test("redrawn() lets the scale shrink slowly, and begin again with another class", () => {
  const before = redrawn(null, answer([8], [8]));
  const next = answer([1], [1]);
  assert.equal(redrawn(before, next).scale, 0.85 * 88);
  const target = { index: 2, label: "c", logit: 1, probability: 0.1 };
  assert.equal(redrawn(before, { ...next, head: { ...next.head, target } }).scale, 11);
});

Deno.test("refreshed() takes new thumbnails alone", () => {
  const before = redrawn(null, answer([1, 2], [3, 4]));
  const light = answer([2, 1], [4, 7], false);
  assert.deepEqual([isFull(answer([1], [2])), isFull(light)], [true, false]);
  const tiles = light.numbers.map((numbers) => ({
    ...numbers,
    tiles: numbers.tiles.map((tile) => 100 + tile),
  }));
  const drawing = refreshed(before, { ...light, numbers: tiles });
  assert.deepEqual(drawing.stages.map(({ rows }) => rows.map(({ tile }) => tile[0])), [[101, 102], [3, 104]]);
  assert.deepEqual(drawing.stages[0]?.lines, before.stages[0]?.lines);
});

Deno.test("shareDrawn() is what the drawn channels hold of all magnitudes", () => {
  const [stage] = redrawn(null, answer([1, 4], [3])).stages;
  assert.ok(stage !== undefined);
  assert.equal(shareDrawn(stage), 0.25);
  assert.equal(shareDrawn({ ...stage, magnitude: 0 }), 0);
});
