/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { record, type RecorderEffect, type RecorderEvent } from "./recorder_events.ts";
import {
  causeWords,
  COUNTDOWN,
  elapsedMs,
  type Recorded,
  type RecorderState,
  REST,
  SHORTEST_MS,
} from "./recorder_state.ts";

const RECORDED: Recorded = {
  media: new Blob(["x"], { type: "video/mp4" }),
  sidecar: {} as Recorded["sidecar"],
  thumbnail: new Blob(),
  durationMs: 5_000,
  width: 640,
  height: 480,
  createdMs: 0,
  means: "exact",
};

/** The state and every effect after some events. */
function after(...events: readonly RecorderEvent[]): { state: RecorderState; effects: RecorderEffect[] } {
  let state = REST;
  const effects: RecorderEffect[] = [];
  for (const event of events) {
    const step = record(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const ticks: readonly RecorderEvent[] = Array.from({ length: COUNTDOWN }, () => ({ kind: "tick" }));
const running: readonly RecorderEvent[] = [
  { kind: "begin" },
  ...ticks,
  { kind: "opened", nowMs: 1_000, means: "exact" },
];
const stopped = (cause: "asked" | "camera-lost" = "asked"): readonly RecorderEvent[] => [
  ...running,
  { kind: "stop", cause },
  { kind: "finished", recorded: RECORDED, name: "espresso" },
];

function recording(state: RecorderState) {
  assert.ok(state.kind === "recording");
  return state;
}

Deno.test("record() counts down, opens the file and runs", () => {
  assert.deepEqual(after({ kind: "begin" }).state, { kind: "countdown", left: COUNTDOWN });
  const { state, effects } = after({ kind: "begin" }, ...ticks);
  assert.deepEqual([state.kind, effects], ["opening", ["open"]]);
  assert.equal(elapsedMs(recording(after(...running).state), 4_500), 3_500);
});

Deno.test("record() lets a countdown be taken back, and a file that was not needed after all", () => {
  for (
    const event of [{ kind: "discard" }, { kind: "stop", cause: "asked" }, {
      kind: "hidden",
      nowMs: 0,
    }] as const
  ) {
    assert.deepEqual(after({ kind: "begin" }, event), { state: REST, effects: [] });
  }
  assert.deepEqual(after({ kind: "begin" }, ...ticks, { kind: "discard" }), {
    state: REST,
    effects: ["open", "cancel"],
  });
});

Deno.test("record() leaves pauses out of the time, and marks places in what was recorded", () => {
  const { state, effects } = after(
    ...running,
    { kind: "pause", nowMs: 2_000 },
    { kind: "pause", nowMs: 2_500 },
    { kind: "resume", nowMs: 7_000 },
    { kind: "mark", nowMs: 7_500 },
    { kind: "grew", bytes: 99 },
  );
  assert.equal(elapsedMs(recording(state), 8_000), 2_000);
  assert.deepEqual(recording(state).markers, [{ t: 1.5, name: "1" }]);
  assert.equal(recording(state).bytes, 99);
  assert.deepEqual(effects, ["open", "pause", "resume"]);
});

Deno.test("record() pauses with a hidden tab and resumes by itself, but not out of a pause that was asked for", () => {
  const hidden = after(...running, { kind: "hidden", nowMs: 2_000 }, { kind: "visible", nowMs: 9_000 });
  assert.equal(elapsedMs(recording(hidden.state), 9_500), 1_500);
  const paused = after(
    ...running,
    { kind: "pause", nowMs: 2_000 },
    { kind: "hidden", nowMs: 3_000 },
    { kind: "visible", nowMs: 9_000 },
  );
  assert.equal(recording(paused.state).pausedSinceMs, 2_000);
});

Deno.test("record() keeps the part so far whatever ended it, and says what did", () => {
  const { state, effects } = after(...stopped("camera-lost"));
  assert.ok(state.kind === "preview");
  assert.deepEqual([state.cause, state.fromMs, state.toMs, state.name], [
    "camera-lost",
    0,
    5_000,
    "espresso",
  ]);
  assert.deepEqual(effects, ["open", "finish"]);
  assert.match(causeWords("camera-lost"), /The part until then is here/);
  assert.equal(causeWords("asked"), "");
});

Deno.test("record() keeps the trim within the recording and never shorter than a moment", () => {
  const trim = (fromMs: number, toMs: number) => {
    const { state } = after(...stopped(), { kind: "trimmed", fromMs, toMs });
    assert.ok(state.kind === "preview");
    return [state.fromMs, state.toMs];
  };
  assert.deepEqual(trim(1_000, 2_000), [1_000, 2_000]);
  assert.deepEqual(trim(-5, 9_999), [0, 5_000]);
  assert.deepEqual(trim(3_000, 1_000), [3_000, 3_000 + SHORTEST_MS]);
  assert.deepEqual(trim(9_000, 9_000), [5_000 - SHORTEST_MS, 5_000]);
});

Deno.test("record() keeps once, lets it be tried again, and rests afterwards", () => {
  const keep = { kind: "keep" } as const;
  const once = after(...stopped(), { kind: "renamed", name: "cup" }, keep, keep);
  assert.deepEqual(once.effects, ["open", "finish", "keep"]);
  assert.ok(once.state.kind === "preview" && once.state.name === "cup");
  assert.deepEqual(after(...stopped(), keep, { kind: "not-kept", words: "No room" }, keep).effects, [
    "open",
    "finish",
    "keep",
    "keep",
  ]);
  assert.equal(after(...stopped(), keep, { kind: "kept" }).state, REST);
  assert.equal(after(...stopped(), { kind: "discard" }).state, REST);
});

Deno.test("record() ignores what does not belong to its state", () => {
  const { state } = after(...stopped());
  for (const event of [...ticks, { kind: "begin" }, { kind: "mark", nowMs: 1 }] as const) {
    assert.equal(record(state, event as RecorderEvent).state, state);
  }
});

Deno.test("record() restores what was discarded, and says why something was not kept", () => {
  const { state } = after(...stopped(), { kind: "renamed", name: "cup" });
  assert.ok(state.kind === "preview");
  const { state: rest } = record(state, { kind: "discard" });
  assert.equal(rest, REST);
  assert.equal(record(rest, { kind: "restored", preview: state }).state, state);
  const failed = after(...stopped(), { kind: "keep" }, { kind: "not-kept", words: "No room" }).state;
  assert.ok(failed.kind === "preview" && failed.problem === "No room" && !failed.keeping);
  const again = record(failed, { kind: "keep" }).state;
  assert.ok(again.kind === "preview" && again.problem === "");
});

Deno.test("record() hands the markers on to whoever finishes the film", () => {
  const { state } = after(...running, { kind: "mark", nowMs: 1_500 }, { kind: "stop", cause: "asked" });
  assert.ok(state.kind === "finishing");
  assert.deepEqual(state.markers, [{ t: 0.5, name: "1" }]);
});
