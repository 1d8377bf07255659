import assert from "node:assert/strict";
import fc from "fast-check";
import { resizeBilinear } from "../../../shared/resize.ts";
import { maskOf, PxOrder } from "./_masks.ts";
import { assertProperty } from "../../../tests/support/seeded.ts";

const SIZE = { height: 4, width: 4 };

const MAP = fc.record({
  height: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 4 }),
  seeds: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 16, maxLength: 16 }),
}).map(({ height, width, seeds }) => ({
  height,
  width,
  values: Float32Array.from(seeds.slice(0, height * width)),
}));

Deno.test("PxOrder.mask() chooses the first pixels of a stable sort of the enlarged map", () => {
  const size = { height: 6, width: 5 };
  assertProperty(fc.property(MAP, fc.integer({ min: 0, max: 30 }), (map, count) => {
    const enlarged = resizeBilinear(map, size);
    const sorted = [...enlarged.keys()].sort((a, b) => (enlarged[b] ?? 0) - (enlarged[a] ?? 0) || a - b);
    const first = new Set(sorted.slice(0, count));
    const order = new PxOrder(map, size);
    const wanted = Array.from(enlarged, (_, px) => first.has(px) ? 1 : 0);
    assert.deepEqual([...order.mask(count / 30, 1).values], wanted);
    assert.deepEqual([...order.mask(count / 30, 0).values], wanted.map((is) => 1 - is));
  }));
});

Deno.test("maskOf() cuts off what is negative and scales the rest to 0…1", () => {
  const scaled = (
    ...values: number[]
  ) => [...maskOf({ height: 1, width: values.length, values: Float32Array.from(values) }, SIZE).values];
  assert.deepEqual(scaled(-4, 0, 1, 2), [0, 0, 0.5, 1]);
  assert.deepEqual(scaled(2, 3, 4), [0, 0.5, 1]);
});

Deno.test("maskOf() hides everything where the map is empty or of one value", () => {
  for (const value of [0, -1, 5]) {
    assert.deepEqual(
      [...maskOf({ height: 2, width: 2, values: new Float32Array(4).fill(value) }, SIZE).values],
      [0, 0, 0, 0],
    );
  }
});

Deno.test("PxOrder and maskOf() put cells that do not tile the input where their extent says", () => {
  // One row of two cells of 3 px on an input of 4: the second cell's centre lies on the last pixel but a half.
  const extent = { top: 0, left: 0, height: 1, width: 1.5 };
  const map = { height: 1, width: 2, values: Float32Array.of(0, 3), extent };
  const mask = maskOf(map, { height: 1, width: 4 });
  assert.deepEqual([mask.height, mask.width, [...mask.values]], [1, 4, [0, 0, 0.5, 1]]);
  assert.deepEqual([...new PxOrder(map, { height: 1, width: 4 }).mask(0.25, 1).values], [0, 0, 0, 1]);
});
