import assert from "node:assert/strict";
import { fakeMethod } from "./testing/fake_method.ts";
import { natureOf, samplesWords, standardErrorOf, unitOf } from "./map_values.ts";

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

Deno.test("samplesWords() says how many of how many, and the error by its name", () => {
  const masks = { one: "mask", many: "masks", error: "standard-error" } as const;
  const windows = { one: "window", many: "windows", error: "none" } as const;
  const steps = { one: "step", many: "steps", error: "completeness" } as const;
  const write = (value: number) => value.toFixed(3);
  assert.equal(
    samplesWords({ count: 1_500, of: null, error: 0.0041 }, masks, write),
    "1,500 masks, standard error 0.004",
  );
  assert.equal(samplesWords({ count: 1, of: null, error: null }, masks, write), "1 mask");
  assert.equal(samplesWords({ count: 89, of: 169, error: null }, windows, write), "89 of 169 windows");
  assert.equal(samplesWords({ count: 169, of: 169, error: 1 }, windows, write), "all 169 windows");
  assert.equal(
    samplesWords({ count: 32, of: null, error: 0.12 }, steps, write),
    "32 steps, misses the score by 0.120",
  );
});

Deno.test("standardErrorOf() takes no other error for one", () => {
  const samples = { count: 32, of: null, error: 0.12 };
  assert.equal(standardErrorOf(samples, { one: "", many: "", error: "standard-error" }), 0.12);
  assert.equal(standardErrorOf(samples, { one: "", many: "", error: "completeness" }), null);
  assert.equal(standardErrorOf(null, { one: "", many: "", error: "standard-error" }), null);
});
