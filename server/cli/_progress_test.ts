import assert from "node:assert/strict";
import { startProgress } from "./_progress.ts";

function watch(watched: boolean) {
  const state = { text: "", nowMs: 0 };
  const progress = startProgress({
    terminal: { watched, colour: false },
    now: () => state.nowMs,
    stderr: (text) => void (state.text += text),
  }, "cat.png");
  return { state, progress };
}

Deno.test("startProgress() shows nothing within the first second", () => {
  const { state, progress } = watch(true);
  state.nowMs = 900;
  progress.update(0.9);
  progress.stop();
  assert.equal(state.text, "");
});

Deno.test("startProgress() shows share and time left after a second, and clears the line", () => {
  const { state, progress } = watch(true);
  state.nowMs = 2_000;
  progress.update(0.25);
  assert.match(state.text, /cat\.png █{8}░{22} 25 %, 6 s left/);
  progress.stop();
  assert.ok(state.text.endsWith("\r\x1b[K"));
});

Deno.test("startProgress() writes nothing where nobody watches", () => {
  const { state, progress } = watch(false);
  state.nowMs = 5_000;
  progress.update(0.5);
  progress.stop();
  assert.equal(state.text, "");
});
