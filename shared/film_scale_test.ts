import assert from "node:assert/strict";
import { followFilm } from "./film_scale.ts";

Deno.test("followFilm() is set by the first map and by one of another class, and follows others slowly", () => {
  const map = (classIndex: number, high: number) => ({ classIndex, cells: 49, range: { low: 0, high } });
  const first = followFilm(null, map(1, 4), 0);
  assert.equal(first?.high, 4);
  const second = followFilm(first, map(1, 8), 1_000);
  assert.ok(second !== null && second.high > 5 && second.high < 6, String(second?.high));
  assert.equal(followFilm(second, map(2, 8), 1_040)?.high, 8);
  assert.deepEqual(followFilm(second, { classIndex: 2, cells: 49, range: null }, 2_000), second);
  assert.equal(followFilm(null, { classIndex: 2, cells: 49, range: null }, 0), null);
});

Deno.test("followFilm() continues from what was kept as from what never was", () => {
  const map = { classIndex: 1, cells: 49, range: { low: 0, high: 9 } };
  const kept = JSON.parse(JSON.stringify(followFilm(null, { ...map, range: { low: 0, high: 3 } }, 0)));
  assert.deepEqual(
    followFilm(kept, map, 500),
    followFilm(followFilm(null, { ...map, range: { low: 0, high: 3 } }, 0), map, 500),
  );
});
