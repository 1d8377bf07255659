/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { recorderActions } from "./actions.ts";
import type { GifState } from "./gif_maker.ts";
import { record, type RecorderEvent } from "./recorder_events.ts";
import { type RecorderState, REST } from "./recorder_state.ts";

function setUp() {
  const state = signal<RecorderState>(REST);
  const gif = signal<GifState>({ kind: "rest" });
  const pictured = signal(true);
  const none = () => {};
  const actions = recorderActions({
    recorder: { state, toggle: none, togglePause: none, mark: none },
    gif: { state: gif, toggle: none },
    canRecord: () => pictured.value,
  });
  const happens = (...events: readonly RecorderEvent[]) => {
    for (const event of events) state.value = record(state.value, event).state;
  };
  return { actions, happens, gif, pictured };
}

const TICK: RecorderEvent = { kind: "tick" };
const RECORDING: readonly RecorderEvent[] = [
  { kind: "begin" },
  ...[TICK, TICK, TICK],
  { kind: "opened", nowMs: 0, means: "exact" },
];

Deno.test("recorderActions() are named by what they do now", () => {
  const { actions, happens, gif } = setUp();
  const labels = () => [actions.record, actions.pause, actions.mark, actions.gif].map((one) => one.label());
  assert.deepEqual(labels(), [
    "Record",
    "Pause the recording",
    "Put a marker into the recording",
    "GIF of three seconds",
  ]);
  happens(...RECORDING, { kind: "mark", nowMs: 100 }, { kind: "pause", nowMs: 200 });
  gif.value = { kind: "filming", share: 0 };
  assert.deepEqual(labels(), [
    "Stop recording",
    "Resume recording",
    "Put a marker into the recording, 1 so far",
    "Cancel the GIF",
  ]);
});

Deno.test("recorderActions() pause and mark only a recording, and record only what can be seen", () => {
  const { actions, happens, pictured } = setUp();
  const able = () => [actions.record, actions.pause, actions.mark, actions.gif].map((one) => one.when());
  assert.deepEqual(able(), [true, false, false, true]);
  happens(...RECORDING);
  assert.deepEqual(able(), [true, true, true, true]);
  pictured.value = false;
  assert.deepEqual(able(), [false, true, true, false]);
});
