/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { DisplayRange } from "./display_range.ts";
import { distance, follow, type Scale } from "./moving_scale.ts";

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

/** When the scale was said to move, from and to in ms, over maps that come every `stepMs`. */
function told(highs: readonly number[], stepMs: number): readonly (readonly [from: number, to: number])[] {
  const spans: [number, number][] = [];
  let scale: Scale | null = null;
  for (const [place, high] of highs.entries()) {
    const before: boolean = scale?.moving ?? false;
    scale = follow(scale, upTo(high), place * stepMs);
    if (scale?.moving !== true) continue;
    if (!before) spans.push([place * stepMs, place * stepMs]);
    spans[spans.length - 1] = [spans.at(-1)?.[0] ?? 0, place * stepMs];
  }
  return spans;
}

Deno.test("follow() says that it moves when it stays far from its maps, until it is near", () => {
  const [span, ...others] = told([1, ...new Array(500).fill(3)], 40);
  assert.ok(span !== undefined && others.length === 0);
  // Late enough for a glitch to pass; 2 of 3 are below a tenth after 2 s · ln(20 / 3 · 2 / 2.2).
  assert.ok(span[0] >= 600 && span[0] < 700 && span[1] > 2_600 && span[1] < 8_000, `${span}`);
});

Deno.test("follow() says so for two seconds at least, and not at all for a glitch", () => {
  const glitch = [...new Array(50).fill(1), ...new Array(3).fill(5), ...new Array(200).fill(1)];
  assert.deepEqual(told(glitch, 40), []);
  const short = [...new Array(50).fill(1), ...new Array(18).fill(5), ...new Array(400).fill(1)];
  for (const [from, to] of told(short, 40)) assert.ok(to - from >= 1_960, `${from} to ${to}`);
});

Deno.test("follow() is silent over what a hand-held camera shows, where it blinked 36 times in 30 s", async () => {
  const recorded = JSON.parse(
    await Deno.readTextFile("client/stage/_fixtures/highs.json"),
  ) as Record<string, number[]>;
  for (const [name, highs] of Object.entries(recorded)) {
    for (const stepMs of [67, 150]) assert.deepEqual(told(highs, stepMs), [], `${name}, every ${stepMs} ms`);
    // The camera turns to something three times as strong in the middle: said once, to the end.
    const turned = highs.map((high, place) => place < 100 ? high : 3 * high);
    assert.equal(told(turned, 67).length, 1, name);
  }
});

Deno.test("follow() takes a cell of a growing map in at once, and sinks only where half of the map is known", () => {
  const scale = follow(null, upTo(1), 0, 0.02);
  assert.equal(follow(scale, upTo(4), 100, 0.1)?.high, 4);
  assert.equal(follow(scale, upTo(0.5), 2_000, 0.1)?.high, 1);
  const sunk = follow(scale, upTo(0.5), 2_000, 0.6)?.high ?? 0;
  assert.ok(sunk < 0.75 && sunk > 0.5, `${sunk}`);
});

Deno.test("follow() does not let an empty map blow the scale up", () => {
  const scale = follow(null, upTo(4), 0);
  assert.equal(follow(scale, null, 9000)?.high, 4);
  assert.equal(follow(null, null, 0), null);
});

Deno.test("distance() is a share of the scale's width, of the end that is further off", () => {
  assert.equal(distance({ low: 10, high: 12 }, { low: 11, high: 12.5 }), 0.5);
});
