/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Meter, percentile } from "./meter.ts";

Deno.test("percentile() takes the value at the share of the sorted samples", () => {
  assert.equal(percentile([5, 1, 4, 2, 3], 0.5), 3);
  assert.equal(percentile([1, 2, 3, 4], 0.95), 4);
  assert.equal(percentile([], 0.5), null);
});

Deno.test("Meter rates 25 frames a second as 25", () => {
  const meter = new Meter();
  for (let at = 0; at <= 4000; at += 40) meter.drawn(at, 38);
  assert.ok(Math.abs(meter.rate(4000) - 25) < 0.5);
  assert.equal(meter.recentAge(4000), 38);
});

Deno.test("Meter falls to zero when nothing is drawn any more", () => {
  const meter = new Meter();
  meter.drawn(0, 40);
  meter.drawn(40, 40);
  assert.equal(meter.rate(10_000), 0);
  assert.equal(meter.recentAge(10_000), null);
});

Deno.test("Meter keeps the last 300 ages", () => {
  const meter = new Meter();
  for (let at = 0; at < 600; at++) meter.drawn(at, at < 300 ? 1000 : 40);
  assert.equal(meter.age(0.95), 40);
});

Deno.test("Meter counts on over another source", () => {
  const meter = new Meter();
  meter.drawn(0, 40);
  meter.clear();
  meter.drawn(40, 40);
  assert.equal(meter.total, 2);
});
