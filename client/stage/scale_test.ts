/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { follow, highValue, type Scale } from "./scale.ts";

Deno.test("follow() starts at the first map's own value and stands still there", () => {
  assert.deepEqual(follow(null, 4, 10), { logits: 4, moving: false, atMs: 10 });
});

Deno.test("follow() goes 63 % of the way in two seconds, whatever the frame rate", () => {
  for (const stepMs of [20, 200]) {
    let scale: Scale | null = follow(null, 1, 0);
    for (let at = stepMs; at <= 2000; at += stepMs) scale = follow(scale, 2, at);
    assert.ok(Math.abs((scale?.logits ?? 0) - 1.632) < 0.01, `${scale?.logits}`);
  }
});

Deno.test("follow() says that it moves until it is near", () => {
  let scale = follow(null, 1, 0);
  scale = follow(scale, 3, 40);
  assert.equal(scale?.moving, true);
  for (let at = 80; at < 20_000; at += 40) scale = follow(scale, 3, at);
  assert.equal(scale?.moving, false);
});

Deno.test("follow() does not let an empty map blow the scale up", () => {
  const scale = follow(null, 4, 0);
  assert.equal(follow(scale, 0, 9000)?.logits, 4);
  assert.equal(follow(null, 0, 0), null);
});

Deno.test("highValue() ignores unknown cells and takes magnitudes of signed maps", () => {
  assert.equal(highValue(new Float32Array([NaN, 1, -5, 2]), false), 2);
  assert.equal(highValue(new Float32Array([NaN, 1, -5, 2]), true), 5);
  assert.equal(highValue(new Float32Array([NaN]), false), 0);
});

Deno.test("highValue() of a large map is near the percentile of all its cells", () => {
  const values = Float32Array.from({ length: 224 * 224 }, (_, i) => ((i * 7_919) % 50_021) / 50_021);
  assert.ok(Math.abs(highValue(values, false) - 0.99) < 0.005, `${highValue(values, false)}`);
});
