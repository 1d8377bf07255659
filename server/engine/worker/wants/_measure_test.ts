import assert from "node:assert/strict";
import { measure } from "./_measure.ts";

const GRADIENT = new Float32Array([1, -2, 3, -4, 5, -6, 0, 8]);

Deno.test("measure() multiplies by a bias for each channel, and adds up magnitudes cell by cell", () => {
  assert.deepEqual(measure(GRADIENT, new Float32Array([2, 0.5]), [2, 2, 2]), {
    total: 2 - 1 + 6 - 2 + 10 - 3 + 0 + 4,
    map: { height: 2, width: 2, channels: 2, sums: new Float32Array([3, 8, 13, 4]), min: 0, max: 10 },
  });
});

Deno.test("measure() takes one bias for all channels, or one for each number", () => {
  assert.deepEqual(
    measure(GRADIENT, new Float32Array([-1]), [2, 2, 2]),
    measure(GRADIENT, new Float32Array(8).fill(-1), [2, 2, 2]),
  );
  const only = new Float32Array(8).fill(6, 3, 4);
  assert.deepEqual(measure(GRADIENT, only, [1, 4, 2]).map?.sums, new Float32Array([0, 24, 0, 0]));
});

Deno.test("measure() returns no map of a value without a spatial layout", () => {
  assert.deepEqual(measure(GRADIENT, GRADIENT, [8]), { total: 155, map: null });
});
