import assert from "node:assert/strict";
import { fakeMethod } from "./fake_method.ts";
import { natureOf, unitOf } from "./map_values.ts";

Deno.test("unitOf() follows the score that is explained", () => {
  const method = fakeMethod({ unit: "logits" });
  assert.equal(unitOf(method, {}), "logits");
  assert.equal(unitOf(method, { score: "logit" }), "logits");
  assert.equal(unitOf(method, { score: "probability" }), "probability");
});

Deno.test("natureOf() has two signs by the method's nature or because an option asks for it", () => {
  assert.equal(natureOf(fakeMethod(), { signed: false }).signed, false);
  assert.equal(natureOf(fakeMethod(), { signed: true }).signed, true);
  assert.equal(natureOf(fakeMethod({ signed: true }), {}).signed, true);
  assert.equal(natureOf(fakeMethod({ zero: "arbitrary" }), {}).zero, "arbitrary");
});
