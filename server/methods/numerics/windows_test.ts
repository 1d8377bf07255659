import assert from "node:assert/strict";
import fc from "fast-check";
import { isCoarse, layWindows, rectangleOf } from "./windows.ts";
import { assertProperty } from "../../../tests/support/seeded.ts";

const SIZES = fc.record({
  height: fc.integer({ min: 8, max: 70 }),
  width: fc.integer({ min: 8, max: 70 }),
  window: fc.integer({ min: 4, max: 8 }),
  stride: fc.integer({ min: 2, max: 8 }),
}).filter(({ window, stride }) => stride <= window);

Deno.test("layWindows() lays 13×13 windows and 14×14 cells by default, 7×7 of them coarse", () => {
  const grid = layWindows(224, 224, { window: 32, stride: 16 });
  assert.deepEqual([grid.count, grid.rows.cells, grid.columns.cells, grid.coarseCount], [169, 14, 14, 49]);
});

Deno.test("layWindows() clamps the last window to the border", () => {
  const grid = layWindows(224, 224, { window: 48, stride: 32 });
  assert.deepEqual(grid.rows.starts, [0, 32, 64, 96, 128, 160, 176]);
  assert.deepEqual(grid.rows.coarse, [true, false, true, false, true, false, true]);
  assert.deepEqual(grid.rows.windowsOfCell.at(-1), { first: 5, end: 7 });
});

Deno.test("layWindows() makes every window coarse where window and stride are equal", () => {
  const grid = layWindows(16, 24, { window: 8, stride: 8 });
  assert.equal(grid.coarseCount, grid.count);
});

Deno.test("layWindows() covers every pixel, stays inside, and touches every cell with the coarse grid", () => {
  assertProperty(fc.property(SIZES, ({ height, width, window, stride }) => {
    const grid = layWindows(height, width, { window, stride });
    const hidden = new Uint8Array(height * width);
    const touched = new Set<number>();
    for (let index = 0; index < grid.count; index++) {
      const { top, left } = rectangleOf(grid, index);
      assert.ok(top >= 0 && left >= 0 && top + window <= height && left + window <= width);
      for (let y = top; y < top + window; y++) {
        for (let x = left; x < left + window; x++) {
          hidden[y * width + x] = 1;
          if (isCoarse(grid, index)) touched.add(Math.floor(y / stride) * 1000 + Math.floor(x / stride));
        }
      }
    }
    assert.ok(hidden.every((is) => is === 1));
    assert.equal(touched.size, grid.rows.cells * grid.columns.cells);
  }));
});

Deno.test("layWindows() keeps coarse windows disjoint, but for the last of an axis", () => {
  assertProperty(fc.property(SIZES, ({ height, width, window, stride }) => {
    const { rows } = layWindows(height, width, { window, stride });
    const coarse = rows.starts.filter((_, index) => rows.coarse[index]).slice(0, -1);
    for (const [index, start] of coarse.entries()) {
      assert.ok(index === 0 || start >= (coarse[index - 1] ?? 0) + window);
    }
  }));
});
