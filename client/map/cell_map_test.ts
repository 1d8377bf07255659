/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Tile } from "../../shared/codec.ts";
import {
  addTile,
  type CellMap,
  cellWeights,
  FADE_FROM_MS,
  FADE_TO_MS,
  forgetFrames,
  knownShare,
} from "./cell_map.ts";

function tile(over: Partial<Tile> = {}): Tile {
  const rows = over.rows ?? 2;
  const columns = over.columns ?? 2;
  return {
    pane: 0,
    frame: 1,
    revision: 1,
    classIndex: 967,
    mapHeight: 2,
    mapWidth: 2,
    row: 0,
    column: 0,
    rows,
    columns,
    progress: 1,
    complete: true,
    costMs: 1,
    samples: null,
    values: new Float32Array(rows * columns).fill(1),
    ...over,
  };
}

function grow(...tiles: Tile[]): CellMap {
  let map: CellMap | null = null;
  for (const [index, one] of tiles.entries()) map = addTile(map, one, index * 100);
  assert.ok(map !== null);
  return map;
}

const ONE_CELL = { rows: 1, columns: 1, complete: false, progress: 0.25 };

Deno.test("addTile() puts a tile into its rectangle and leaves the other cells unknown", () => {
  const map = grow(tile({ ...ONE_CELL, row: 1, column: 0, values: new Float32Array([3]) }));
  assert.deepEqual([...map.values], [NaN, NaN, 3, NaN]);
  assert.equal(map.progress, 0.25);
  assert.equal(map.complete, false);
});

Deno.test("T6: addTile() puts a picture's colours beside their luminance, black where none came yet", () => {
  const map = grow(
    tile({ ...ONE_CELL, row: 1, column: 0, values: new Float32Array([76]), rgb: Uint8Array.of(255, 0, 0) }),
    tile({ ...ONE_CELL, row: 0, column: 1, values: new Float32Array([29]), rgb: Uint8Array.of(0, 0, 255) }),
  );
  assert.deepEqual([...map.rgb ?? []], [0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0]);
  assert.deepEqual([...map.values], [NaN, 29, 76, NaN]);
  assert.equal(grow(tile()).rgb, null);
});

Deno.test("addTile() ignores a tile of an older view", () => {
  const map = grow(tile({ revision: 2 }));
  assert.equal(addTile(map, tile({ revision: 1, frame: 9 }), 50), map);
});

Deno.test("addTile() begins again with a newer view, another class or another shape", () => {
  for (const other of [{ revision: 2 }, { classIndex: 1 }, { mapHeight: 4 }]) {
    const map = grow(tile(), tile({ ...ONE_CELL, frame: 2, ...other }));
    assert.equal([...map.values].filter((value) => !Number.isNaN(value)).length, 1);
  }
});

Deno.test("T4: addTile() does not let a late tile of an earlier frame take over newer cells", () => {
  const map = grow(
    tile({ frame: 5 }),
    tile({ ...ONE_CELL, frame: 4, values: new Float32Array([9]) }),
    tile({ ...ONE_CELL, frame: 4, classIndex: 1, values: new Float32Array([9]) }),
  );
  assert.deepEqual([...map.values], [1, 1, 1, 1]);
  assert.equal(map.frame, 5);
  assert.equal(map.complete, true);
});

Deno.test("cellWeights() fades cells of earlier frames with their age while newer frames come", () => {
  const map = grow(tile({ frame: 1 }));
  const half = (FADE_FROM_MS + FADE_TO_MS) / 2;
  assert.deepEqual([...cellWeights(map, 1, 99_000, false)], [1, 1, 1, 1]);
  assert.deepEqual([...cellWeights(map, 2, FADE_FROM_MS, false)], [1, 1, 1, 1]);
  assert.deepEqual([...cellWeights(map, 2, half, false)], [0.5, 0.5, 0.5, 0.5]);
  assert.deepEqual([...cellWeights(map, 2, FADE_TO_MS, false)], [0, 0, 0, 0]);
});

Deno.test("cellWeights() does not age a picture that is held", () => {
  const map = grow(tile({ frame: 7 }));
  assert.deepEqual([...cellWeights(map, 7, 1e6, true)], [1, 1, 1, 1]);
  const earlier = cellWeights(map, 8, 1e6, true);
  assert.ok(earlier.every((weight) => weight > 0 && weight < 0.5));
});

Deno.test("cellWeights() gives unknown cells no weight", () => {
  assert.deepEqual([...cellWeights(grow(tile(ONE_CELL)), 1, 0, false)], [1, 0, 0, 0]);
});

Deno.test("forgetFrames() lets a new connection's first frame take over", () => {
  const map = addTile(
    forgetFrames(grow(tile({ frame: 900 }))),
    tile({ values: new Float32Array(4).fill(2) }),
    5,
  );
  assert.deepEqual([...(map?.values ?? [])], [2, 2, 2, 2]);
});

Deno.test("T4: addTile() takes cells out of the map that do not hold for a newer frame", () => {
  const map = grow(
    tile({ frame: 1, values: new Float32Array([1, 2, 3, 4]) }),
    tile({ frame: 2, values: new Float32Array([NaN, 2, NaN, 4]) }),
  );
  assert.deepEqual([...map.values], [NaN, 2, NaN, 4]);
  assert.deepEqual([...cellWeights(map, 2, 60, false)], [0, 1, 0, 1]);
});

Deno.test("T2: addTile() keeps the extent of the map's cells", () => {
  const extent = { top: 0, left: -0.1, height: 1.2, width: 1 };
  assert.deepEqual(grow(tile({ extent })).extent, extent);
  assert.equal("extent" in grow(tile()), false);
});

Deno.test("cellWeights() draws no map of which only a few windows are known while the picture moves", () => {
  const wide = (known: number) => {
    const values = new Float32Array(100).fill(NaN).fill(1, 0, known);
    return grow(tile({ mapHeight: 10, mapWidth: 10, rows: 10, columns: 10, complete: false, values }));
  };
  const weightOf = (known: number, still: boolean) => cellWeights(wide(known), 1, 0, still)[0] ?? NaN;
  assert.deepEqual([weightOf(6, false), weightOf(25, false), weightOf(100, false)], [0, 1, 1]);
  assert.ok(weightOf(15, false) > 0.4 && weightOf(15, false) < 0.6);
  assert.equal(weightOf(6, true), 1);
  assert.equal(knownShare(wide(15), 1, 0, false), 0.15);
});
