import assert from "node:assert/strict";
import fc from "fast-check";
import { spearman } from "./_spearman.ts";
import { assertProperty } from "../../../tests/support/seeded.ts";

const MAPS = fc.integer({ min: 2, max: 20 }).chain((length) => {
  const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: length, maxLength: length });
  return fc.tuple(values, values);
});

/** Ranks by counting: how many are smaller, and half of those that are equal. */
function correlationByCounting(first: readonly number[], second: readonly number[]): number {
  const ranks = (values: readonly number[]) =>
    values.map((value) =>
      values.filter((other) => other < value).length + values.filter((other) => other === value).length / 2
    );
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [a, b] = [ranks(first), ranks(second)];
  const covariance = (x: readonly number[], y: readonly number[]) =>
    mean(x.map((value, index) => (value - mean(x)) * ((y[index] ?? 0) - mean(y))));
  const scale = Math.sqrt(covariance(a, a) * covariance(b, b));
  return scale === 0 ? 0 : covariance(a, b) / scale;
}

Deno.test("spearman() equals the correlation of counted ranks, ties included", () => {
  assertProperty(fc.property(MAPS, ([first, second]) => {
    const found = spearman(Float32Array.from(first), Float32Array.from(second));
    assert.ok(Math.abs(found - correlationByCounting(first, second)) < 1e-9);
  }));
});

Deno.test("spearman() sees only the order: 1 for any rising function, −1 for a falling one", () => {
  const map = Float32Array.of(3, -1, 0.5, 7);
  assert.equal(spearman(map, map.map(Math.exp)), 1);
  assert.equal(spearman(map, map.map((value) => -(value ** 3))), -1);
});

Deno.test("spearman() shares ranks among equal values", () => {
  // Ranks 0.5, 0.5, 2 against 0, 1, 2.
  assert.ok(
    Math.abs(spearman(Float32Array.of(1, 1, 2), Float32Array.of(1, 2, 3)) - Math.sqrt(3) / 2) < 1e-12,
  );
});

Deno.test("spearman() gives 0 where a map has one value only", () => {
  assert.equal(spearman(new Float32Array(4), Float32Array.of(1, 2, 3, 4)), 0);
});

Deno.test("spearman() refuses maps of different sizes", () => {
  assert.throws(
    () => spearman(new Float32Array(4), new Float32Array(3)),
    /need 4 values, got 3/,
  );
});
