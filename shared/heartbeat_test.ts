import assert from "node:assert/strict";
import fc from "fast-check";
import {
  firstHeartbeat,
  type Heartbeat,
  heartbeat,
  type HeartbeatAct,
  type HeartbeatEvent,
} from "./heartbeat.ts";
import { HEARTBEAT_STEP_MS, MAX_SILENCE_MS, PING_AFTER_MS } from "./limits.ts";
import { assertProperty } from "../tests/support/seeded.ts";

/** Takes events in turn and keeps what was done, with its time. */
function run(events: readonly HeartbeatEvent[]): (readonly [number, HeartbeatAct])[] {
  let state: Heartbeat = firstHeartbeat(0);
  const acts: (readonly [number, HeartbeatAct])[] = [];
  for (const event of events) {
    const next = heartbeat(state, event);
    state = next.state;
    if (next.act !== "none") acts.push([event.nowMs, next.act]);
  }
  return acts;
}

function steps(untilMs: number, fromMs = 0): HeartbeatEvent[] {
  const count = Math.floor((untilMs - fromMs) / HEARTBEAT_STEP_MS);
  return Array.from({ length: count }, (_, at) => ({
    kind: "step",
    nowMs: fromMs + (at + 1) * HEARTBEAT_STEP_MS,
  }));
}

Deno.test("K1: who hears nothing asks once, and gives up before 5 s of silence are over", () => {
  const acts = run(steps(MAX_SILENCE_MS));
  assert.deepEqual(acts.map(([, act]) => act).slice(0, 2), ["ping", "give-up"]);
  assert.equal(acts[0]?.[0], PING_AFTER_MS);
  const goneMs = acts[1]?.[0] ?? Infinity;
  assert.ok(goneMs <= MAX_SILENCE_MS && goneMs > PING_AFTER_MS + 1_000, `gave up after ${goneMs} ms`);
});

Deno.test("K1: whatever comes counts as an answer", () => {
  const events = Array.from({ length: 20 }, (_, second): HeartbeatEvent[] => [
    ...steps((second + 1) * 3_000, second * 3_000),
    { kind: "heard", nowMs: (second + 1) * 3_000 },
  ]).flat();
  const acts = run(events).map(([, act]) => act);
  assert.equal(acts.length, 20);
  assert.ok(acts.every((act) => act === "ping"));
});

Deno.test("K2: in doubt the other end is asked at once, and has less time", () => {
  const acts = run([{ kind: "doubt", nowMs: 100 }, ...steps(4_100, 100)]);
  assert.deepEqual(acts[0], [100, "ping"]);
  assert.equal(acts[1]?.[1], "give-up");
  assert.ok((acts[1]?.[0] ?? Infinity) <= 100 + MAX_SILENCE_MS - PING_AFTER_MS);
});

Deno.test("an end that was busy itself does not take the other one for dead", () => {
  assert.deepEqual(run([{ kind: "step", nowMs: 60_000 }]), []);
  assert.deepEqual(run([...steps(2_000), { kind: "step", nowMs: 30_000 }]).map(([, act]) => act), ["ping"]);
});

Deno.test("an end that hears something at least every 2.5 s is never given up, however the steps fall", () => {
  const pauses = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 2_500 }) }), { maxLength: 40 });
  assertProperty(fc.property(pauses, (list) => {
    let atMs = 0;
    const events = list.flatMap(({ ms }): HeartbeatEvent[] => {
      const heard = [...steps(atMs + ms, atMs), { kind: "heard", nowMs: atMs + ms } as const];
      atMs += ms;
      return heard;
    });
    assert.ok(run(events).every(([, act]) => act === "ping"));
  }));
});
