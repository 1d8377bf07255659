import assert from "node:assert/strict";
import { correlation } from "./correlation.ts";

Deno.test("correlation() is 1 for the same proportions and -1 for the opposite ones", () => {
  assert.equal(correlation([1, 2, 4], [10, 12, 16]).toFixed(12), "1.000000000000");
  assert.equal(correlation([1, 2, 4], [-1, -2, -4]).toFixed(12), "-1.000000000000");
});

Deno.test("correlation() is what the definition gives in between", () => {
  // Σ xy = 1, Σ x² = Σ y² = 2 about the means.
  assert.equal(correlation([1, 2, 3], [1, 3, 2]).toFixed(12), "0.500000000000");
});

Deno.test("correlation() has no answer for a list of one value, nor for lists of two lengths", () => {
  assert.ok(Number.isNaN(correlation([1, 1], [1, 2])));
  assert.throws(() => correlation([1, 2], [1, 2, 3]), /got 3/);
});
