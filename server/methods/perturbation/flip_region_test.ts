import assert from "node:assert/strict";
import { COVER_CELLS, COVER_SIDE, coveredCells } from "../../../shared/cover.ts";
import type { Probe } from "../../engine/port.ts";
import type { GoodRow } from "../method.ts";
import { flipRegion, MAX_FLIP_ROWS } from "./flip_region.ts";

/** A network that says class 1 while enough of a region is visible, else class 2. */
function answer(
  probes: readonly Probe[],
  isFlipped: (cells: Uint8Array) => boolean,
  drop: (cells: Uint8Array) => number,
) {
  return probes.map(({ cover }): GoodRow => {
    const cells = cover === undefined ? new Uint8Array(COVER_CELLS) : coveredCells(cover);
    const logits = isFlipped(cells) ? [0, 1, 2] : [0, 6 - drop(cells), 1];
    return { ok: true, logits: Float32Array.from(logits), projection: null, detail: null };
  });
}

function run(isFlipped: (cells: Uint8Array) => boolean, drop: (cells: Uint8Array) => number) {
  const search = flipRegion({ frame: 1, fill: "grey" });
  let rows: readonly GoodRow[] = [];
  let count = 0;
  const progress: number[] = [];
  for (;;) {
    const step = search.next(rows);
    if (step.done === true) return { map: step.value, count, progress };
    rows = [];
    if (step.value.kind === "tile") progress.push(step.value.tile.progress);
    if (step.value.kind !== "probes") continue;
    assert.equal(step.value.lane, "tile");
    count += step.value.probes.length;
    rows = answer(step.value.probes, isFlipped, drop);
  }
}

/** Share of a rectangle of cells that is covered. */
function shareOf(cells: Uint8Array, [top, left, bottom, right]: readonly [number, number, number, number]) {
  let covered = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) covered += cells[row * COVER_SIDE + column] ?? 0;
  }
  return covered / ((bottom - top) * (right - left));
}

Deno.test("U6: the search finds the region that carries the answer, makes it small, and stays within its rows", () => {
  const object = [8, 14, 16, 24] as const;
  const found = run((cells) => shareOf(cells, object) >= 0.7, (cells) => 4 * shareOf(cells, object));
  const cells = Uint8Array.from(found.map.values);
  assert.ok(shareOf(cells, object) >= 0.7, "the region that is returned changes the answer");
  assert.equal(found.map.classIndex, 2);
  assert.equal(found.map.silent, undefined);
  assert.ok(found.count <= MAX_FLIP_ROWS);
  assert.equal(found.map.samples?.count, found.count);
  const covered = cells.reduce((sum, cell) => sum + cell, 0);
  assert.ok(covered <= 2 * 80, `the object has 80 cells, ${covered} are covered`);
  assert.deepEqual(found.progress, [...found.progress].sort((a, b) => a - b));
});

Deno.test("U6: where nothing changes the answer the search says so", () => {
  const { map, count } = run(() => false, () => 0);
  assert.equal(map.silent, true);
  assert.equal(map.classIndex, 1);
  assert.ok(map.values.every((value) => value === 0));
  assert.ok(count <= MAX_FLIP_ROWS);
});
