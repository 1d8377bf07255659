/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { barPlaces, sortedBars } from "./bar_rows.ts";

const ROWS = [{ name: "a", value: 0.2 }, { name: "b", value: -0.8 }, { name: "c", value: 0.2 }];

Deno.test("sortedBars() puts the largest first, whatever its sign, and leaves its argument as it is", () => {
  assert.deepEqual(sortedBars(ROWS).map(({ name }) => name), ["b", "a", "c"]);
  assert.equal(ROWS[0]?.name, "a");
});

Deno.test("signed bars grow from the middle, the largest to the end", () => {
  const placeOf = barPlaces(ROWS, true);
  const [plus, minus] = ROWS.map(placeOf);
  assert.deepEqual(minus, { left: 0, width: 50, line: null });
  assert.ok(plus?.left === 50 && Math.abs(plus.width - 12.5) < 1e-9);
});

Deno.test("unsigned bars grow from the left, and leave room for their deviation", () => {
  const rows = [{ name: "a", value: 0.6, deviation: 0.2 }, { name: "b", value: 0.1, deviation: 0.3 }];
  const [first, second] = rows.map(barPlaces(rows, false));
  assert.ok(Math.abs((first?.width ?? 0) - 75) < 1e-9);
  assert.ok(Math.abs((first?.line?.left ?? 0) + (first?.line?.width ?? 0) - 100) < 1e-9);
  assert.equal(second?.line?.left, 0, "nothing lies left of zero");
});

Deno.test("bars of zeros alone have no width", () => {
  assert.deepEqual([{ name: "a", value: 0 }].map(barPlaces([{ name: "a", value: 0 }], false)), [
    { left: 0, width: 0, line: null },
  ]);
});
