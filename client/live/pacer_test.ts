/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { MAX_FRAMES_IN_FLIGHT } from "../../shared/limits.ts";
import {
  ANSWER_TIMEOUT_MS,
  FIRST_PACE,
  isWorthPreparing,
  pace,
  type PaceEvent,
  type PaceState,
  type SendEffect,
} from "./pacer.ts";

class Bench {
  state: PaceState = FIRST_PACE;
  readonly sent: SendEffect[] = [];

  do(event: PaceEvent): readonly SendEffect[] {
    const { state, effects } = pace(this.state, event);
    this.state = state;
    this.sent.push(...effects);
    return effects;
  }

  connect(nowMs = 0): this {
    this.do({ kind: "connected", nowMs });
    return this;
  }

  frame(nowMs: number, still = false): readonly SendEffect[] {
    return this.do({ kind: "frame-ready", nowMs, capturedMs: nowMs - 5, still });
  }

  answer(nowMs: number, id: number, serverMs: number | null = 30): readonly SendEffect[] {
    return this.do({ kind: "answered", nowMs, id, outcome: "result", serverMs });
  }
}

Deno.test("pace() sends nothing before there is a connection", () => {
  const bench = new Bench();
  assert.deepEqual(bench.frame(0), []);
  assert.deepEqual(bench.do({ kind: "connected", nowMs: 5 }), [
    { kind: "send", id: 1, capturedMs: -5, still: false },
  ]);
});

Deno.test("pace() keeps one frame in flight on a near server and the newest one waiting", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.frame(33);
  bench.frame(66);
  assert.equal(bench.sent.length, 1);
  assert.equal(bench.state.drops.replaced, 1);
  const [next] = bench.answer(70, 1, 68);
  assert.deepEqual(next, { kind: "send", id: 2, capturedMs: 61, still: false });
});

Deno.test("pace() waits for the next frame when the waiting one is older than half an interval", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.frame(33);
  assert.deepEqual(bench.answer(33 + 17, 1), []);
  assert.equal(bench.state.drops.aged, 1);
  assert.deepEqual(bench.frame(66), [{ kind: "send", id: 2, capturedMs: 61, still: false }]);
});

Deno.test("pace() lets two frames travel where the network takes longer than the server, never three", () => {
  const bench = new Bench().connect();
  for (const start of [0, 1000]) {
    bench.frame(start);
    bench.answer(start + 200, bench.sent.length, 30);
  }
  assert.ok(bench.state.remote);
  bench.frame(2000);
  bench.frame(2033);
  bench.frame(2066);
  bench.frame(2099, true);
  assert.equal(bench.state.inFlight.length, MAX_FRAMES_IN_FLIGHT);
});

Deno.test("pace() stays with one frame where the engine is what takes the time", () => {
  const bench = new Bench().connect();
  for (let start = 0; start < 5000; start += 1000) {
    bench.frame(start);
    bench.answer(start + 210, bench.sent.length, 200);
  }
  assert.ok(!bench.state.remote);
});

Deno.test("pace() gives a frame up after the timeout and continues with the next", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.do({ kind: "tick", nowMs: ANSWER_TIMEOUT_MS - 1 });
  assert.equal(bench.state.inFlight.length, 1);
  bench.do({ kind: "tick", nowMs: ANSWER_TIMEOUT_MS });
  assert.equal(bench.state.drops.lost, 1);
  assert.equal(bench.state.lostInRow, 1);
  assert.equal(bench.frame(ANSWER_TIMEOUT_MS + 10)[0]?.id, 2);
  assert.deepEqual(bench.answer(ANSWER_TIMEOUT_MS + 20, 1), [], "the late answer changes nothing");
  assert.equal(bench.state.inFlight.length, 1);
});

Deno.test("pace() sends a still picture at once, once, and keeps it until it is answered", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  assert.equal(bench.frame(10, true)[0]?.still, true);
  bench.answer(40, 1);
  bench.answer(70, 2);
  bench.do({ kind: "tick", nowMs: 60_000 });
  assert.equal(bench.sent.length, 2);
});

Deno.test("pace() sends a still picture again when its answer is lost", () => {
  const bench = new Bench().connect();
  bench.frame(0, true);
  assert.deepEqual(bench.do({ kind: "tick", nowMs: ANSWER_TIMEOUT_MS }), [
    { kind: "send", id: 2, capturedMs: -5, still: true },
  ]);
});

Deno.test("pace() begins a new connection with id 1 and an empty flight list", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.do({ kind: "disconnected" });
  assert.equal(bench.state.drops.disconnected, 1);
  bench.frame(33);
  bench.frame(66);
  assert.equal(bench.sent.length, 1);
  assert.deepEqual(bench.do({ kind: "connected", nowMs: 70 }), [
    { kind: "send", id: 1, capturedMs: 61, still: false },
  ]);
});

Deno.test("pace() sends the still picture again after a reconnect", () => {
  const bench = new Bench().connect();
  bench.frame(0, true);
  bench.do({ kind: "disconnected" });
  assert.equal(bench.do({ kind: "connected", nowMs: 900 })[0]?.still, true);
});

Deno.test("pace() counts refusals and superseded frames by cause", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.do({ kind: "answered", nowMs: 10, id: 1, outcome: "refused", serverMs: null });
  bench.frame(33);
  bench.do({ kind: "answered", nowMs: 50, id: 2, outcome: "superseded", serverMs: null });
  assert.equal(bench.state.drops.refused, 1);
  assert.equal(bench.state.drops.superseded, 1);
  assert.equal(bench.state.inFlight.length, 0);
});

Deno.test("pace() forgets the waiting frame of another source", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.frame(33);
  bench.do({ kind: "source-changed" });
  assert.deepEqual(bench.answer(36, 1), []);
});

Deno.test("isWorthPreparing() is true for a waiting frame that the link will be free for in time", () => {
  const bench = new Bench().connect();
  bench.frame(0);
  bench.frame(33);
  assert.ok(!isWorthPreparing(bench.state), "no round trip is known yet");
  bench.answer(36, 1);
  bench.frame(66);
  assert.ok(isWorthPreparing(bench.state), "the answer is due at 72");
  const slow = new Bench().connect();
  slow.frame(0);
  slow.answer(200, 1, 198);
  slow.frame(233);
  slow.frame(266);
  assert.ok(!isWorthPreparing(slow.state), "the answer is due at 433");
});

Deno.test("pace() keeps the age bounded when 30 frames a second meet an engine of 5", () => {
  const bench = new Bench().connect();
  const ages: number[] = [];
  const engine: { id: number; atMs: number; capturedMs: number }[] = [];
  const take = (effects: readonly SendEffect[], nowMs: number) => {
    for (const effect of effects) engine.push({ ...effect, atMs: nowMs + 200 });
  };
  for (let nowMs = 0; nowMs < 20_000; nowMs++) {
    for (const due of engine.splice(0, engine[0]?.atMs === nowMs ? 1 : 0)) {
      ages.push(nowMs - due.capturedMs);
      take(bench.answer(nowMs, due.id, 198), nowMs);
    }
    if (nowMs % 33 === 0) take(bench.frame(nowMs), nowMs);
  }
  assert.ok(ages.length > 80, `${ages.length} answers`);
  assert.ok(Math.max(...ages) <= 225, `oldest ${Math.max(...ages)} ms`);
  assert.ok(bench.state.drops.replaced > 400);
});
