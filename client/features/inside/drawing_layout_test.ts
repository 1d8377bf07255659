/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { curveOf, layOut, THUMB_PX } from "./drawing_layout.ts";
import { placeOfKey } from "./drawing_keys.ts";

const ROWS = [5, 5, 5, 5, 5];

Deno.test("layOut() places stages from left to right where lines have room, otherwise from top to bottom", () => {
  const wide = layOut(392, ROWS);
  assert.equal(wide.flow, "across");
  const narrow = layOut(312, ROWS);
  assert.equal(narrow.flow, "down");
  for (const layout of [wide, narrow, layOut(240, [8, 8, 8, 8, 8, 8, 8])]) {
    const corners = layout.thumbs.flat();
    assert.ok(corners.every(({ x, y }) => x >= 0 && y >= 0));
    assert.ok(corners.every(({ x }) => x + THUMB_PX <= layout.width), `${layout.width} px`);
    assert.ok(corners.every(({ y }) => y + THUMB_PX <= layout.height));
  }
});

Deno.test("layOut() gives every thumbnail a place of its own, and does so in no room at all", () => {
  const { thumbs } = layOut(392, ROWS);
  assert.equal(new Set(thumbs.flat().map(({ x, y }) => `${x} ${y}`)).size, 25);
  assert.equal(layOut(0, ROWS).thumbs.flat().length, 25);
  assert.deepEqual(layOut(392, []).thumbs, []);
});

Deno.test("curveOf() leaves a thumbnail on its far side and ends at the next one's near side", () => {
  assert.match(curveOf("across", { x: 0, y: 0 }, { x: 100, y: 50 }, false), /^M44 22C.* 100 72$/);
  assert.match(curveOf("down", { x: 0, y: 0 }, { x: 50, y: 100 }, false), /^M22 44C.* 72 100$/);
  assert.match(curveOf("across", { x: 0, y: 0 }, { x: 100, y: 50 }, true), / 100 50$/);
});

Deno.test("placeOfKey() moves along the flow and across it, and stops at the edges", () => {
  const across = { rows: [3, 2], flow: "across" } as const;
  assert.deepEqual(placeOfKey("ArrowRight", { stage: 0, row: 2 }, across), { stage: 1, row: 1 });
  assert.deepEqual(placeOfKey("ArrowRight", { stage: 1, row: 1 }, across), { stage: 1, row: 1 });
  assert.deepEqual(placeOfKey("ArrowDown", { stage: 0, row: 0 }, across), { stage: 0, row: 1 });
  assert.deepEqual(placeOfKey("End", { stage: 0, row: 0 }, across), { stage: 1, row: 0 });
  assert.deepEqual(placeOfKey("ArrowDown", { stage: 0, row: 0 }, { ...across, flow: "down" }), {
    stage: 1,
    row: 0,
  });
  assert.equal(placeOfKey("a", { stage: 0, row: 0 }, across), null);
});
