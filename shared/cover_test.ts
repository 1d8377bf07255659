import assert from "node:assert/strict";
import * as v from "valibot";
import {
  cellStarts,
  COVER_CELLS,
  COVER_SIDE,
  coveredCells,
  coverExtent,
  coverOf,
  CoverSchema,
  coverShare,
  effectiveCover,
  nearestVisible,
  sameCover,
} from "./cover.ts";

const NONE = new Uint8Array(COVER_CELLS);

Deno.test("coverExtent() tells nothing, a part and everything apart", () => {
  const extentOf = (cells: number) =>
    coverExtent(coverOf(new Uint8Array(COVER_CELLS).fill(1, 0, cells), "grey"));
  assert.deepEqual([0, 1, COVER_CELLS - 1, COVER_CELLS].map(extentOf), [false, true, true, "all"]);
  assert.equal(coverExtent(undefined), false);
});

Deno.test("U1: the cells of a cover are bits, row by row, the most significant of a byte first", () => {
  const cells = NONE.slice();
  cells[0] = 1;
  cells[COVER_SIDE + 9] = 1;
  const cover = coverOf(cells, "blur");
  const bytes = Uint8Array.fromBase64(cover.cells);
  assert.equal(bytes.length, 128);
  assert.deepEqual([bytes[0], bytes[5]], [0x80, 0x40]);
  assert.deepEqual(coveredCells(cover), cells);
  assert.equal(coverShare(cells), 2 / COVER_CELLS);
});

Deno.test("U1: what is no cover of exactly 32×32 cells, or has another fill, does not fit", () => {
  const good = coverOf(NONE.slice().fill(1), "grey");
  assert.ok(v.is(CoverSchema, good));
  const { cells } = good;
  const wrong: unknown[] = [
    { ...good, fill: "pink" },
    { ...good, fill: "__proto__" },
    { ...good, more: 1 },
    { cells },
    ...[
      "",
      cells.slice(4),
      `${cells}AAAA`,
      cells.replace("=", "A"),
      `${cells.slice(0, -2)}9=`,
      `${cells.slice(0, -3)}_8=`,
    ]
      .map((text) => ({ cells: text, fill: "grey" })),
  ];
  for (const one of wrong) assert.ok(!v.is(CoverSchema, one), JSON.stringify(one));
});

Deno.test("U1: a cover that hides nothing is none", () => {
  assert.equal(effectiveCover(coverOf(NONE, "black")), null);
  assert.equal(effectiveCover(undefined), null);
  const some = coverOf(Uint8Array.from(NONE, (_, cell) => cell === 1_023 ? 1 : 0), "black");
  assert.equal(effectiveCover(some), some);
  assert.ok(sameCover(some, { ...some }));
  assert.ok(!sameCover(some, { ...some, fill: "grey" }));
  assert.ok(!sameCover(some, null));
  assert.ok(sameCover(null, null));
});

Deno.test("U1: a pixel belongs to the cell that its centre lies in, for sides of any length", () => {
  for (const length of [1, 7, 28, 32, 33, 224, 299, 2_048]) {
    const starts = cellStarts(length);
    for (let pixel = 0; pixel < length; pixel++) {
      const cell = Math.floor((pixel + 0.5) * COVER_SIDE / length);
      assert.ok((starts[cell] ?? NaN) <= pixel && pixel < (starts[cell + 1] ?? NaN), `${pixel} of ${length}`);
    }
    assert.equal(starts[COVER_SIDE], length);
  }
});

Deno.test("U2: nearestVisible() finds the nearest cell, the first of several, and none where all are covered", () => {
  const cells = Uint8Array.from(NONE, (_, cell) => cell * 7_919 % 13 < 9 ? 1 : 0);
  const place = (cell: number) => [Math.floor(cell / COVER_SIDE), cell % COVER_SIDE] as const;
  const distance = (a: number, b: number) =>
    Math.hypot(...place(a).map((one, side) => one - (place(b)[side] ?? NaN)));
  const visible = [...cells.keys()].filter((cell) => cells[cell] === 0);
  for (const [cell, nearest] of nearestVisible(cells).entries()) {
    const least = Math.min(...visible.map((other) => distance(cell, other)));
    const wanted = cells[cell] === 0 ? -1 : visible.find((other) => distance(cell, other) === least);
    assert.equal(nearest, wanted);
  }
  assert.deepEqual(new Set(nearestVisible(NONE.slice().fill(1))), new Set([-1]));
});
