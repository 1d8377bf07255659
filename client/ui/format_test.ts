/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fileSize, logits, percent, playTime, scaleEnds } from "./format.ts";

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
  assert.deepEqual([9.42, 0.314, 0.0042, 12.6, 0, -1.25, 3.14e-5].map(logits), [
    "9.4",
    "0.31",
    "0.0042",
    "13",
    "0",
    "−1.3",
    "3.1e−5",
  ]);
});

Deno.test("scaleEnds() has as many digits as tell the ends apart", () => {
  const unsigned = ([low, high]: number[]) => scaleEnds({ low: low ?? 0, high: high ?? 0 }, false);
  assert.deepEqual(unsigned([0, 9.42]), ["0", "9.4"]);
  assert.deepEqual(unsigned([0, 0.0212]), ["0", "0.021"]);
  assert.deepEqual(unsigned([146.1, 506.9]), ["146", "507"]);
  assert.deepEqual(unsigned([0.3641, 0.4209]), ["0.364", "0.421"]);
  assert.deepEqual(unsigned([0, 3.14e-5]), ["0", "3.1e−5"]);
  assert.deepEqual(scaleEnds({ low: -4.25, high: 4.25 }, true), ["−4.3", "+4.3"]);
});

Deno.test("fileSize() has the unit that keeps it short", () => {
  assert.deepEqual([0, 999, 12_400, 3_440_000, 1.25e9].map(fileSize), [
    "0 B",
    "999 B",
    "12 kB",
    "3.4 MB",
    "1.3 GB",
  ]);
});

Deno.test("playTime() is what players show", () => {
  assert.deepEqual([400, 7_400, 750_000, 3_723_000].map(playTime), ["0:00", "0:07", "12:30", "1:02:03"]);
});
