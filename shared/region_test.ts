import assert from "node:assert/strict";
import { hottest, pixelsOf, placeName, strongestRegion } from "./region.ts";
import type { Plane } from "./resize.ts";

/** A map of rows of numbers; `_` is a cell that is not known. */
function mapOf(...rows: readonly string[]): Plane {
  const cells = rows.map((row) => row.trim().split(/\s+/).map((text) => text === "_" ? NaN : Number(text)));
  return { height: cells.length, width: cells[0]?.length ?? 0, values: Float32Array.from(cells.flat()) };
}

function cellsIn(cells: Uint8Array, width: number): string[] {
  const rows = Array.from({ length: cells.length / width }, (_, row) => row);
  return rows.map((row) => cells.subarray(row * width, (row + 1) * width).join(""));
}

Deno.test("strongestRegion() is the connected part with the largest sum, above 15 % of the largest value", () => {
  const map = mapOf(
    "0 0 9 0 0 0",
    "0 0 0 0 4 4",
    "1.5 0 0 0 4 1.3",
    "-20 0 0 0 0 0",
  );
  const region = strongestRegion(map);
  assert.deepEqual(cellsIn(region?.cells ?? new Uint8Array(), 6), ["000000", "000011", "000010", "000000"]);
  assert.deepEqual(region?.box, { left: 4 / 6, top: 1 / 4, right: 1, bottom: 3 / 4 });
  assert.ok(Math.abs((region?.share ?? NaN) - 12 / 23.8) < 1e-6, `${region?.share}`);
});

Deno.test("strongestRegion() does not connect cells by their corners", () => {
  const region = strongestRegion(mapOf("2 0", "0 3"));
  assert.deepEqual(region?.box, { left: 0.5, top: 0.5, right: 1, bottom: 1 });
});

Deno.test("strongestRegion() takes another threshold", () => {
  const map = mapOf("10 6 2 1");
  assert.equal(strongestRegion(map)?.box.right, 0.75);
  assert.equal(strongestRegion(map, { threshold: 0.5 })?.box.right, 0.5);
  assert.equal(strongestRegion(map, { threshold: 0 })?.box.right, 1);
});

Deno.test("strongestRegion() is null without evidence: nothing above zero, or nothing known", () => {
  assert.equal(strongestRegion(mapOf("0 -1", "0 0")), null);
  assert.equal(strongestRegion(mapOf("_ _")), null);
  assert.equal(strongestRegion({ height: 0, width: 0, values: new Float32Array() }), null);
});

Deno.test("strongestRegion() leaves unknown cells out", () => {
  assert.deepEqual(strongestRegion(mapOf("_ 3 _ 2"))?.box, { left: 0.25, top: 0, right: 0.5, bottom: 1 });
});

Deno.test("strongestRegion() begins at the smallest value where zero means nothing in particular", () => {
  const map = mapOf("0.50 0.51 0.52 0.60");
  assert.equal(strongestRegion(map)?.box.left, 0);
  assert.equal(strongestRegion(map, { zero: "arbitrary" })?.box.left, 0.5);
  assert.equal(strongestRegion(mapOf("0.5 0.5"), { zero: "arbitrary" }), null);
});

Deno.test("strongestRegion() averages fine maps first, so that one pixel is no region", () => {
  const side = 56;
  const values = new Float32Array(side * side);
  values[0] = 50;
  for (let y = 20; y < 40; y++) {
    for (let x = 30; x < 50; x++) {
      values[y * side + x] = (x + y) % 2 === 0 ? 40 : 0;
    }
  }
  const region = strongestRegion({ height: side, width: side, values });
  assert.deepEqual(region?.box, { left: 30 / side, top: 20 / side, right: 50 / side, bottom: 40 / side });
  assert.equal(region?.cells.reduce((a, b) => a + b, 0), 400);
});

Deno.test("strongestRegion() lies where the extent says: cells at the ends reach to the sides, those outside do not count", () => {
  const inner = { ...mapOf("1 0", "0 0"), extent: { top: 0.2, left: 0.2, height: 0.6, width: 0.6 } };
  assert.deepEqual(strongestRegion(inner)?.box, { left: 0, top: 0, right: 0.5, bottom: 0.5 });
  const beyond = { ...mapOf("9 1 2 0"), extent: { top: 0, left: -0.5, height: 1, width: 2 } };
  assert.deepEqual(strongestRegion(beyond)?.box, { left: 0, top: 0, right: 1, bottom: 1 });
});

Deno.test("hottest() takes the largest values up to a share of the area, and none without evidence", () => {
  const map = mapOf("1 5 0 0", "4 5 3 _");
  assert.deepEqual(cellsIn(hottest(map, 0.25), 4), ["0100", "0100"]);
  assert.deepEqual(cellsIn(hottest(map, 0.37), 4), ["0100", "0100"]);
  assert.deepEqual(cellsIn(hottest(map, 0.375), 4), ["0100", "1100"]);
  assert.deepEqual(cellsIn(hottest(map, 1), 4), ["1100", "1110"]);
  assert.deepEqual(cellsIn(hottest(mapOf("0 -1"), 1), 2), ["00"]);
});

Deno.test("pixelsOf() marks the pixels whose centres lie in the cells", () => {
  const map = { height: 1, width: 3 };
  assert.deepEqual(cellsIn(pixelsOf(map, Uint8Array.of(0, 1, 0), { height: 1, width: 8 }), 8), ["00011000"]);
  const half = { ...map, extent: { top: 0, left: 0.25, height: 1, width: 0.5 } };
  assert.deepEqual(cellsIn(pixelsOf(half, Uint8Array.of(1, 0, 1), { height: 1, width: 10 }), 10), [
    "1111001111",
  ]);
});

Deno.test("placeName() names nine places, parts that reach from side to side, and nearly everywhere", () => {
  const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
  assert.equal(placeName(box(0, 0, 0.3, 0.3)), "upper left");
  assert.equal(placeName(box(0.3, 0.1, 0.7, 0.4)), "upper middle");
  assert.equal(placeName(box(0.6, 0, 1, 0.5)), "upper right");
  assert.equal(placeName(box(0, 0.3, 0.3, 0.7)), "left");
  assert.equal(placeName(box(0.2, 0.2, 0.8, 0.8)), "middle");
  assert.equal(placeName(box(0.7, 0.3, 1, 0.7)), "right");
  assert.equal(placeName(box(0, 0.7, 0.3, 1)), "lower left");
  assert.equal(placeName(box(0.3, 0.5, 0.7, 1)), "lower middle");
  assert.equal(placeName(box(0.6, 0.6, 1, 1)), "lower right");
  assert.equal(placeName(box(0, 0, 1, 0.4)), "upper part");
  assert.equal(placeName(box(0, 0.3, 1, 0.7)), "middle, from side to side");
  assert.equal(placeName(box(0, 0.6, 1, 1)), "lower part");
  assert.equal(placeName(box(0, 0, 0.4, 1)), "left side");
  assert.equal(placeName(box(0.3, 0.1, 0.7, 1)), "middle, from top to bottom");
  assert.equal(placeName(box(0.6, 0, 1, 1)), "right side");
  assert.equal(placeName(box(0, 0.1, 1, 1)), "nearly everywhere");
});
