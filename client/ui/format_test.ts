/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { logits, percent } from "./format.ts";

Deno.test("percent() has more digits where they matter", () => {
  assert.deepEqual([0.94, 0.023, 0.0099, 0.0031, 0.0004, 0, 1, 0.9971, 0.99996].map(percent), [
    "94 %",
    "2 %",
    "1 %",
    "0.3 %",
    "< 0.1 %",
    "0 %",
    "100 %",
    "99.7 %",
    "99.9 %",
  ]);
});

Deno.test("logits() keeps two significant digits", () => {
  assert.deepEqual([9.42, 0.314, 0.0042, 12.6, 0, -1.25].map(logits), [
    "9.4",
    "0.31",
    "0.0042",
    "13",
    "0",
    "−1.3",
  ]);
});
