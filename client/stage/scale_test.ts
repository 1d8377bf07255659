/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { DisplayRange } from "../../shared/display_range.ts";
import { distance, follow, type Scale } from "./scale.ts";

const upTo = (high: number): DisplayRange => ({ low: 0, high });

Deno.test("follow() starts at the first map's own range and stands still there", () => {
  assert.deepEqual(follow(null, { low: 1, high: 4 }, 10), { low: 1, high: 4, moving: false, atMs: 10 });
});

Deno.test("follow() goes 63 % of the way in two seconds with both ends, whatever the frame rate", () => {
  for (const stepMs of [20, 200]) {
    let scale: Scale | null = follow(null, { low: 0, high: 1 }, 0);
    for (let at = stepMs; at <= 2000; at += stepMs) scale = follow(scale, { low: 1, high: 2 }, at);
    assert.ok(Math.abs((scale?.high ?? 0) - 1.632) < 0.01, `${scale?.high}`);
    assert.ok(Math.abs((scale?.low ?? 0) - 0.632) < 0.01, `${scale?.low}`);
  }
});

Deno.test("follow() says that it moves until it is near", () => {
  let scale = follow(null, upTo(1), 0);
  scale = follow(scale, upTo(3), 40);
  assert.equal(scale?.moving, true);
  for (let at = 80; at < 20_000; at += 40) scale = follow(scale, upTo(3), at);
  assert.equal(scale?.moving, false);
});

Deno.test("follow() does not let an empty map blow the scale up", () => {
  const scale = follow(null, upTo(4), 0);
  assert.equal(follow(scale, null, 9000)?.high, 4);
  assert.equal(follow(null, null, 0), null);
});

Deno.test("distance() is a share of the scale's width, of the end that is further off", () => {
  assert.equal(distance({ low: 10, high: 12 }, { low: 11, high: 12.5 }), 0.5);
});
