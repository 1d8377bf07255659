import assert from "node:assert/strict";
import type { Probe } from "../../port.ts";
import { type Load, loadOf, Patience } from "./patience.ts";

const START: Load = new Map([["start", 1]]);
const ROW: Load = new Map([["logits none", 1]]);
const BATCH: Load = new Map([["logits none", 8]]);

function probe(some: Partial<Probe> = {}): Probe {
  return { frame: 1, variation: { kind: "none" }, want: { kind: "logits" }, ...some };
}

Deno.test("loadOf() counts the rows of a batch by want, score, variation and head, not by names", () => {
  const score = { kind: "channel", layer: "one", channel: 3 } as const;
  const load = loadOf("run", [
    probe(),
    probe({ frame: 2 }),
    probe({ randomHead: 7 }),
    probe({ variation: { kind: "noise", seed: 1, level: 0.1 } }),
    probe({ want: { kind: "layer", layer: "one", score: null } }),
    probe({ want: { kind: "layer", layer: "two", score } }),
    probe({ want: { kind: "layer", layer: "three", score: { ...score, layer: "four" } } }),
  ]);
  assert.deepEqual([...load], [
    ["logits none", 2],
    ["logits none random", 1],
    ["logits noise", 1],
    ["layer none", 1],
    ["layer scored none", 2],
  ]);
  assert.deepEqual([...loadOf("stats", null)], [["stats", 1]]);
});

Deno.test("limitMs() is 20 times the measured cost, at least 2 s", () => {
  const patience = new Patience();
  patience.answered(START, 1_000);
  patience.answered(ROW, 20);
  assert.equal(patience.limitMs(ROW), 2_000);
  assert.equal(patience.limitMs(BATCH), 20 * 8 * 20);
});

Deno.test("limitMs() follows a machine that slows down at once, and one that recovers slowly", () => {
  const patience = new Patience();
  patience.answered(START, 1_000);
  patience.answered(ROW, 200);
  patience.answered(ROW, 2_000);
  assert.equal(patience.limitMs(ROW), 20 * 1_100);
  patience.answered(ROW, 100);
  assert.ok(patience.limitMs(ROW) > 20 * 990);
});

Deno.test("limitMs() of a later start is a few times the one before, so that one that hangs is soon given up", () => {
  const patience = new Patience();
  patience.answered(START, 1_000);
  assert.equal(patience.limitMs(START), 20_000);
  patience.ended(START);
  assert.equal(patience.limitMs(START), 40_000);
  const slow = new Patience();
  slow.answered(START, 8_000);
  assert.equal(slow.limitMs(START), 40_000);
});

Deno.test("limitMs() of kinds that were not measured grows with the model's start", () => {
  const patience = new Patience();
  assert.equal(patience.limitMs(START), 120_000);
  patience.answered(START, 8_000);
  assert.equal(patience.limitMs(ROW), 20 * 2_000);
  patience.answered(ROW, 1_500);
  assert.equal(patience.limitMs(new Map([["bias-terms scored none", 1]])), 20 * (2_000 + 1_500));
  // The other kind's part is known; the rest of the time belongs to the new one.
  patience.answered(new Map([["logits none", 1], ["fixations none", 2]]), 4_500);
  assert.equal(patience.limitMs(new Map([["fixations none", 1]])), 20 * 1_500);
});

Deno.test("limitMs() doubles with every call of a kind that was ended, until one answers: no model is killed in a loop", () => {
  const patience = new Patience();
  patience.answered(START, 500);
  patience.answered(ROW, 5);
  const slow: Load = new Map([["bias-terms scored none", 1]]);
  const actualMs = 90_000;
  let kills = 0;
  while (patience.limitMs(slow) < actualMs) {
    patience.ended(slow);
    kills++;
    // Other rows answer meanwhile; that says nothing about this kind.
    patience.answered(ROW, 5);
    assert.ok(kills < 10);
  }
  patience.answered(slow, actualMs);
  assert.equal(patience.limitMs(slow), 600_000, "20 times 90 s is cut at ten minutes");
  assert.equal(patience.limitMs(ROW), 2_000);
});

Deno.test("limitMs() leaves time for a large picture after many small ones", () => {
  const patience = new Patience();
  patience.answered(START, 500);
  const load = loadOf("admit", { key: 1, format: "png", picture: new Uint8Array() });
  for (let i = 0; i < 100; i++) patience.answered(load, 1);
  assert.equal(patience.limitMs(load), 5_000);
});

Deno.test("limitMs() stays a number when a kind seemed to cost nothing beside one that was expected to cost more", () => {
  const patience = new Patience();
  const other: Load = new Map([["input scored none", 1]]);
  patience.answered(START, 500);
  patience.answered(ROW, 200);
  patience.answered(new Map([...ROW, ...other]), 100);
  for (let call = 0; call < 20; call++) patience.answered(other, 50);
  assert.ok(patience.limitMs(other) >= 2_000 && patience.limitMs(other) < 600_000);
});
