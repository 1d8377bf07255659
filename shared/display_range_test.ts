import assert from "node:assert/strict";
import { displayRange, isColourless, isWithoutEvidence, placeOn, strengthOn } from "./display_range.ts";
import type { MapNature } from "./map_values.ts";

const PLAIN: MapNature = { signed: false, zero: "nothing", range: null };
const SIGNED: MapNature = { ...PLAIN, signed: true };
const LIFTED: MapNature = { ...PLAIN, zero: "arbitrary" };

Deno.test("displayRange() begins at zero where zero means nothing is there, and has two equal ends for signed maps", () => {
  const values = Float32Array.of(NaN, 1, -5, 2);
  assert.deepEqual(displayRange(values, PLAIN), { low: 0, high: 2 });
  assert.deepEqual(displayRange(values, SIGNED), { low: -5, high: 5 });
});

Deno.test("displayRange() begins at the map's own low end where its zero means nothing", () => {
  const values = Float32Array.from({ length: 10_000 }, (_, at) => 400 + at / 100);
  const range = displayRange(values, LIFTED);
  assert.ok(range !== null && Math.abs(range.low - 402) < 0.5 && Math.abs(range.high - 498) < 0.5);
});

Deno.test("displayRange() leaves two in a hundred cells beyond its end, in maps of any size", () => {
  for (const length of [100, 224 * 224]) {
    const values = Float32Array.from({ length }, (_, i) => ((i * 7_919) % 50_021) / 50_021);
    const { high } = displayRange(values, PLAIN) ?? { high: NaN };
    const above = values.filter((value) => value > high).length / length;
    assert.ok(above > 0.005 && above <= 0.025, `${above}`);
  }
});

Deno.test("displayRange() is that of the method where every map has the same", () => {
  assert.deepEqual(displayRange(Float32Array.of(100, 120), { ...PLAIN, range: { low: 0, high: 255 } }), {
    low: 0,
    high: 255,
  });
});

Deno.test("displayRange() is none of a map without evidence, of a flat one and of an unknown one", () => {
  assert.equal(displayRange(Float32Array.of(0, -1), PLAIN), null);
  assert.equal(displayRange(Float32Array.of(0, 0), SIGNED), null);
  assert.equal(displayRange(Float32Array.of(0.4, 0.4), LIFTED), null);
  assert.equal(displayRange(Float32Array.of(NaN), PLAIN), null);
});

Deno.test("displayRange() holds the one pixel of a fine map that is not zero", () => {
  const values = Float32Array.from({ length: 1_024 }, (_, index) => index === 7 ? 5 : 0);
  assert.deepEqual(displayRange(values, PLAIN), { low: 0, high: 5 });
});

Deno.test("placeOn() and strengthOn() go from the scale's one end to the other", () => {
  assert.deepEqual([3, 4, 5, 6, 9].map((value) => placeOn({ low: 4, high: 6 }, value)), [0, 0, 0.5, 1, 1]);
  assert.deepEqual([-4, -2, 0, 2].map((value) => strengthOn({ low: -4, high: 4 }, true, value)), [
    1,
    0.5,
    0,
    0.5,
  ]);
});

Deno.test("isWithoutEvidence() holds for zeros and negatives, never where zero is arbitrary", () => {
  const negative = Float32Array.of(0, -1, NaN, -2);
  assert.deepEqual([PLAIN, SIGNED, LIFTED].map((nature) => isWithoutEvidence(negative, nature)), [
    true,
    false,
    false,
  ]);
  assert.ok(isWithoutEvidence(Float32Array.of(0, 1e-7), SIGNED));
});

Deno.test("isColourless() is true where no known cell can be seen on the scale", () => {
  const faint = Float32Array.of(NaN, 0.1, -3, 0.2);
  assert.equal(isColourless(faint, PLAIN, { low: 0, high: 10 }), true);
  assert.equal(isColourless(faint, PLAIN, { low: 0, high: 5 }), false);
  assert.equal(isColourless(faint, SIGNED, { low: -10, high: 10 }), false);
  assert.equal(isColourless(Float32Array.of(0.1), SIGNED, { low: -10, high: 10 }), true);
  assert.equal(isColourless(faint, LIFTED, { low: 5, high: 10 }), false);
});
