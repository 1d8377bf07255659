/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import {
  BUSY_PAUSE_MS,
  connect,
  connectionDetail,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  connectionWord,
} from "./connection.ts";

function run(events: ConnectionEvent[]): { state: ConnectionState; effects: ConnectionEffect[] } {
  let state: ConnectionState = { phase: "idle" };
  const effects: ConnectionEffect[] = [];
  for (const event of events) {
    const step = connect(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const LIVE: ConnectionEvent[] = [{ kind: "start" }, { kind: "opened" }, { kind: "welcomed", nowMs: 0 }];

function closed(closeCode: number, nowMs = 10_000): ConnectionEvent {
  return { kind: "closed", closeCode, nowMs, random: 1 };
}

Deno.test("H1, H7: connect() opens, says hello and is live after the welcome", () => {
  const { state, effects } = run(LIVE);
  assert.equal(connectionWord(state), "live");
  assert.deepEqual(effects.map((effect) => effect.kind), ["sleep", "open", "hello", "wake", "sleep"]);
});

Deno.test("connect() says connecting until the first welcome", () => {
  assert.equal(connectionWord(run([{ kind: "start" }]).state), "connecting");
  assert.equal(connectionWord(run([{ kind: "start" }, { kind: "opened" }]).state), "connecting");
});

Deno.test("E1: connect() retries with a growing pause after the server went away", () => {
  let { state } = run([...LIVE, closed(1006)]);
  const pauses: number[] = [];
  for (let round = 0; round < 6; round++) {
    assert.equal(state.phase, "waiting");
    if (state.phase === "waiting") pauses.push(state.retryAtMs - 10_000);
    state = connect(state, { kind: "due" }).state;
    assert.equal(connectionWord(state), "offline");
    state = connect(state, closed(1006)).state;
  }
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 5000]);
});

Deno.test("E2: connect() does not retry after a final close code and says why", () => {
  for (const code of [4001, 4002, 4010, 4029, 1009]) {
    const { state } = run([...LIVE, closed(code)]);
    assert.equal(state.phase, "ended", `${code}`);
    assert.equal(connectionWord(state), "offline");
    assert.ok(connectionDetail(state, 0).length > 10);
    assert.deepEqual(connect(state, { kind: "hurry" }).effects, []);
  }
});

Deno.test("H5: connect() says busy with the server's own message and asks again later", () => {
  const { state } = run([
    { kind: "start" },
    { kind: "opened" },
    { kind: "told", code: "busy", message: "Cannot take another viewer: 32 of 32" },
    closed(1013),
  ]);
  assert.equal(connectionWord(state), "busy");
  assert.ok(state.phase === "waiting" && state.retryAtMs === 10_000 + BUSY_PAUSE_MS);
  assert.ok(state.phase === "waiting" && state.after.words.includes("32 of 32"));
});

Deno.test("E4: connect() waits for a use of the seat where its own went to somebody else, and says so", () => {
  const { state, effects } = run([...LIVE, { kind: "told", code: "seat-given", message: "" }, closed(4030)]);
  assert.equal(state.phase, "resting");
  assert.equal(connectionWord(state), "paused");
  assert.match(connectionDetail(state, 0), /given to somebody else/);
  assert.ok(!effects.some((effect) => effect.kind === "wake" && effect.inMs < 5_000), "it does not retry");
  assert.deepEqual(connect(state, { kind: "due" }).effects, []);
  for (const kind of ["wanted", "hurry"] as const) {
    assert.deepEqual(connect(state, { kind }).effects, [{ kind: "sleep" }, { kind: "open" }]);
  }
  for (const other of [run([]).state, run(LIVE).state, run([...LIVE, closed(1006)]).state]) {
    assert.deepEqual(connect(other, { kind: "wanted" }), { state: other, effects: [] });
  }
});

Deno.test("connect() hurries when the network is back, and only while it waits", () => {
  const { state } = run([...LIVE, closed(1006)]);
  assert.deepEqual(connect(state, { kind: "hurry" }).effects, [{ kind: "sleep" }, { kind: "open" }]);
  assert.deepEqual(connect(run(LIVE).state, { kind: "hurry" }).effects, []);
});

Deno.test("connect() gives up on a socket that never welcomes", () => {
  const { state } = run([{ kind: "start" }, { kind: "opened" }]);
  assert.deepEqual(connect(state, { kind: "due" }).effects, [{ kind: "close" }]);
});

Deno.test("connect() closes a live connection that stalled", () => {
  assert.deepEqual(connect(run(LIVE).state, { kind: "stalled" }).effects, [{ kind: "close" }]);
});

Deno.test("connect() keeps the pause growing when every connection ends at once", () => {
  let { state } = run([...LIVE, closed(1011, 10)]);
  state = connect(state, { kind: "due" }).state;
  state = connect(state, { kind: "opened" }).state;
  state = connect(state, { kind: "welcomed", nowMs: 300 }).state;
  state = connect(state, closed(1011, 310)).state;
  assert.ok(state.phase === "waiting" && state.retryAtMs - 310 === 500);
});

Deno.test("connectionDetail() counts whole seconds down, never to zero", () => {
  const { state } = run([...LIVE, closed(1006)]);
  assert.equal(connectionDetail(state, 10_000), "reconnecting in 1 s");
  assert.equal(connectionDetail(state, 99_000), "reconnecting in 1 s");
});

Deno.test("H8: connect() asks why a socket did not open, and takes a refusal for final", () => {
  const { state, effects } = run([{ kind: "start" }, closed(1006)]);
  assert.equal(state.phase, "waiting");
  assert.ok(effects.some((effect) => effect.kind === "ask-why"));
  const words = "Start the server with --origin https://demo.example.";
  const refused = connect(state, { kind: "refused", words });
  assert.deepEqual(refused.state, { phase: "ended", words });
  assert.deepEqual(refused.effects.map((effect) => effect.kind), ["sleep", "drop"]);
});

Deno.test("H8: connect() does not ask why a socket closed that had opened, nor believe a late refusal", () => {
  const { state, effects } = run([...LIVE, closed(1006)]);
  assert.equal(state.phase, "waiting");
  assert.ok(effects.every((effect) => effect.kind !== "ask-why"));
  const live = run([...LIVE, { kind: "refused", words: "late" }]);
  assert.equal(live.state.phase, "live");
});
