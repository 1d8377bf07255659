import assert from "node:assert/strict";
import { startProgress } from "./_progress.ts";

function watch(watched: boolean) {
  const state = { text: "", nowMs: 0 };
  const progress = startProgress({
    terminal: { watched, colour: false },
    now: () => state.nowMs,
    stderr: (text) => void (state.text += text),
  });
  return { state, progress };
}

Deno.test("startProgress() shows nothing within the first second", () => {
  const { state, progress } = watch(true);
  state.nowMs = 900;
  progress.update(0.9, "cat.png");
  progress.hide();
  assert.equal(state.text, "");
});

Deno.test("startProgress() shows share and time left after a second, and clears the line", () => {
  const { state, progress } = watch(true);
  state.nowMs = 2_000;
  progress.update(0.25, "cat.png");
  assert.match(state.text, /cat\.png █{8}░{22} 25 %, 6 s left/);
  progress.hide();
  assert.ok(state.text.endsWith("\r\x1b[K"));
});

Deno.test("startProgress() writes nothing where nobody watches", () => {
  const { state, progress } = watch(false);
  state.nowMs = 5_000;
  progress.update(0.5, "cat.png");
  progress.hide();
  assert.equal(state.text, "");
});

Deno.test("startProgress() shows the bar again after it was hidden", () => {
  const { state, progress } = watch(true);
  state.nowMs = 2_000;
  progress.update(0.5, "1/2 cat.png");
  progress.hide();
  state.text = "";
  progress.update(0.5, "2/2 dog.png");
  assert.match(state.text, /2\/2 dog\.png █{15}░{15} 50 %/);
});
