/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { camera, type CameraState } from "./camera_state.ts";
import { explainCameraError } from "./problems.ts";

const OFF: CameraState = { phase: "off" };
const ASKING = camera(OFF, { kind: "asked", ask: 1 });

Deno.test("camera() goes from off over asking to on", () => {
  assert.deepEqual(camera(ASKING, { kind: "given", ask: 1, deviceId: "a", label: "Front", facing: "user" }), {
    phase: "on",
    deviceId: "a",
    label: "Front",
    facing: "user",
  });
});

Deno.test("camera() points at a question that stays open", () => {
  assert.deepEqual(camera(ASKING, { kind: "slow", ask: 1 }), { phase: "asking", ask: 1, slow: true });
});

Deno.test("camera() ignores answers to an earlier question", () => {
  const second = camera(ASKING, { kind: "asked", ask: 2 });
  assert.equal(camera(second, { kind: "given", ask: 1, deviceId: "a", label: "", facing: null }), second);
  assert.equal(camera(second, { kind: "refused", ask: 1, name: "AbortError" }), second);
  assert.equal(camera(OFF, { kind: "given", ask: 1, deviceId: "a", label: "", facing: null }), OFF);
});

Deno.test("camera() says when a running camera ends by itself", () => {
  const on = camera(ASKING, { kind: "given", ask: 1, deviceId: "a", label: "", facing: null });
  const ended = camera(on, { kind: "ended" });
  assert.ok(ended.phase === "failed" && ended.problem.words.includes("unplugged"));
  assert.equal(camera(OFF, { kind: "ended" }), OFF);
});

Deno.test("camera() keeps a problem on screen until it is dismissed", () => {
  const failed = camera(ASKING, { kind: "refused", ask: 1, name: "NotFoundError" });
  assert.equal(camera(failed, { kind: "stopped" }), failed);
  assert.deepEqual(camera(failed, { kind: "dismissed" }), OFF);
  assert.deepEqual(camera(ASKING, { kind: "stopped" }), OFF);
});

Deno.test("explainCameraError() gives every exception its own sentence with something to do", () => {
  const names = [
    "NotAllowedError",
    "NotFoundError",
    "NotReadableError",
    "OverconstrainedError",
    "AbortError",
    "?",
  ];
  const words = names.map((name) => explainCameraError(name).words);
  assert.equal(new Set(words).size, names.length);
  for (const sentence of words) assert.ok(!sentence.includes("Error"), sentence);
});
