/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { headlineOf, headlineWithNumber } from "./headline.ts";

const rows = [{ label: "barbell, bar bell", probability: 0.08 }, { label: "torch", probability: 0.07 }];

Deno.test("headlineOf() names the first class, as a guess where the network is not sure", () => {
  assert.equal(headlineOf({ rows, unsure: false }), "barbell");
  assert.equal(headlineOf({ rows, unsure: true }), "Not sure: perhaps barbell (8 %)");
  assert.equal(headlineOf({ rows: [], unsure: false }), null);
});

Deno.test("headlineWithNumber() says each number once", () => {
  assert.equal(headlineWithNumber({ rows, unsure: false }), "barbell  8 %");
  assert.equal(headlineWithNumber({ rows, unsure: true }), "Not sure: perhaps barbell (8 %)");
});
