/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { MapNature } from "../../shared/map_values.ts";
import { oneCellTile } from "../../shared/testing/one_cell_tile.ts";
import { addTile, type CellMap } from "./cell_map.ts";
import { StreamScale } from "./stream_scale.ts";

const NATURE: MapNature = { signed: false, zero: "nothing", range: null };
const WEAK = 1;
const STRONG = 2;

function map(classIndex: number, ...values: number[]): CellMap {
  const tile = oneCellTile({
    classIndex,
    mapWidth: values.length,
    columns: values.length,
    costMs: 0,
    values: Float32Array.from(values),
  });
  return addTile(null, tile, 0) ?? assert.fail("no map");
}

/** The high end after each of some maps that come every 50 ms. */
function highs(scale: StreamScale, maps: readonly CellMap[], fromMs: number): (number | undefined)[] {
  return maps.map((one, place) => {
    scale.take(one, NATURE, fromMs + 50 * place);
    return scale.scale?.high;
  });
}

Deno.test("a weak class that was locked and is freed does not turn the picture to full colour: its map sets the scale", () => {
  const scale = new StreamScale();
  highs(scale, new Array(100).fill(map(WEAK, 0, 0.125)), 0);
  assert.equal(scale.scale?.high, 0.125);
  assert.deepEqual(highs(scale, [map(STRONG, 0, 8)], 5_000), [8]);
  assert.equal(scale.scale?.moving, false);
  // And the other way round: the weak class is seen at once, on its own scale.
  assert.deepEqual(highs(scale, [map(WEAK, 0, 0.125)], 5_050), [0.125]);
});

Deno.test("within a class the scale moves slowly", () => {
  const scale = new StreamScale();
  const [, next = 0] = highs(scale, [map(WEAK, 0, 1), map(WEAK, 0, 2)], 0);
  assert.ok(next > 1 && next < 1.1, `${next}`);
});

Deno.test("a cut starts the scale again from the first map that has something to show", () => {
  const scale = new StreamScale();
  highs(scale, [map(WEAK, 0, 8)], 0);
  scale.cut(2_000);
  assert.deepEqual(highs(scale, [map(WEAK, 0, 0), map(WEAK, NaN, NaN), map(WEAK, 0, 2)], 2_000), [8, 8, 2]);
});

Deno.test("cuts that follow each other within a second start it once", () => {
  const scale = new StreamScale();
  highs(scale, [map(WEAK, 0, 8)], 0);
  scale.cut(900);
  assert.ok((highs(scale, [map(WEAK, 0, 2)], 900)[0] ?? 0) > 5);
});

Deno.test("settle() moves the scale of a picture that is sent once, and ends when it has arrived", () => {
  const scale = new StreamScale();
  highs(scale, [map(WEAK, 0, 1), map(WEAK, 0, 2)], 0);
  let nowMs = 100;
  while (scale.settle(nowMs) && nowMs < 60_000) nowMs += 100;
  assert.ok(
    nowMs < 20_000 && Math.abs((scale.scale?.high ?? 0) - 2) < 0.05,
    `${scale.scale?.high} after ${nowMs} ms`,
  );
});

Deno.test("settle() leaves the scale of a map alone that is hardly known", () => {
  const scale = new StreamScale();
  highs(scale, [map(WEAK, 5, 5, 5, 5), map(WEAK, 1, NaN, NaN, NaN)], 0);
  assert.equal(scale.settle(9_000), false);
  assert.equal(scale.scale?.high, 5);
});
