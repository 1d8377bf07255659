import assert from "node:assert/strict";
import { fakeMap, fakeTrust } from "./testing/fake_explained.ts";
import { isBlindToClass } from "../../shared/trust.ts";
import { trustByMethod } from "./trust_words.ts";

Deno.test("trustByMethod() takes the means of each method, and the largest miss", () => {
  const maps = [
    fakeMap([1], { trust: fakeTrust({ averageDrop: 0.2, completeness: -0.5 }) }),
    fakeMap([1], { trust: fakeTrust({ averageDrop: 0.4, increased: true, completeness: 0.1 }) }),
    fakeMap([1], { signed: true }),
  ];
  const [only, ...others] = trustByMethod(maps);
  assert.deepEqual(others, []);
  assert.ok(only !== undefined && Math.abs(only.averageDrop - 0.3) < 1e-12);
  assert.deepEqual([only.id, only.maps, only.increased, only.completeness], ["grad-cam", 2, 0.5, 0.5]);
});

Deno.test("isBlindToClass() holds above a rank correlation of 0.9", () => {
  assert.deepEqual([0.9, 0.91, -1].map((randomLogits) => isBlindToClass({ randomLogits })), [
    false,
    true,
    false,
  ]);
});
