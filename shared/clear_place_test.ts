import assert from "node:assert/strict";
import { clarityOf, clarityWords, shareAboveHalf } from "./clear_place.ts";
import { DIFFERENCE_NATURE, type MapNature } from "./map_values.ts";

const PLAIN: MapNature = { signed: false, zero: "nothing", range: null };
const LIFTED: MapNature = { ...PLAIN, zero: "arbitrary" };

/** A map of which a share of the rows, from the top, has one value and the rest another. */
function rows(share: number, high: number, low: number, side = 120) {
  const values = Float32Array.from(
    { length: side * side },
    (_, at) => Math.floor(at / side) < share * side ? high : low,
  );
  return { height: side, width: side, values };
}

const judge = (plane: ReturnType<typeof rows>, nature = PLAIN, standardError: number | null = null) =>
  clarityOf(plane, { nature, standardError });

Deno.test("clarityOf() finds a place where 5 to 60 in 100 of the picture lie above half of the scale", () => {
  assert.deepEqual([0.03, 0.06, 0.5, 0.59, 0.7].map((share) => judge(rows(share, 1, 0))), [
    "points",
    "clear",
    "clear",
    "clear",
    "everywhere",
  ]);
});

Deno.test("clarityOf() looks at both signs of a signed map, and from the low end of a lifted one", () => {
  assert.equal(judge(rows(0.3, -1, 0), DIFFERENCE_NATURE), "clear");
  assert.equal(judge(rows(0.3, -1, 0)), "everywhere", "nothing speaks for the class anywhere");
  assert.equal(judge(rows(0.3, 0.42, 0.36)), "everywhere");
  assert.equal(judge(rows(0.3, 0.42, 0.36), LIFTED), "clear");
  assert.equal(judge(rows(0.3, 0.4, 0.4), LIFTED), "everywhere", "flat");
});

Deno.test("clarityOf() takes grain for no place", () => {
  assert.equal(judge(rows(0.3, 0.42, 0.36), LIFTED, 0.01), "noise");
  assert.equal(judge(rows(0.3, 0.42, 0.36), LIFTED, 0.005), "clear");
});

Deno.test("shareAboveHalf() looks at a coarse map as it is drawn", () => {
  const plane = { height: 1, width: 2, values: Float32Array.of(0, 1) };
  const share = shareAboveHalf(plane, { low: 0, high: 1 }, false);
  assert.ok(Math.abs(share - 0.5) < 0.01, `${share}`);
});

Deno.test("clarityWords() says why, of a clear map nothing", () => {
  assert.equal(clarityWords("clear"), "");
  for (const clarity of ["everywhere", "points", "noise"] as const) {
    assert.match(clarityWords(clarity), /^no clear place: /);
  }
});
