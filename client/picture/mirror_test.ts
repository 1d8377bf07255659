/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { MAX_MIRROR_CHOICES } from "../../shared/limits.ts";
import { type CameraFace, chooseMirror, isMirrored, type MirrorChoices } from "./mirror.ts";

const camera = (over: Partial<CameraFace> = {}): CameraFace => ({
  deviceId: "1",
  label: "Integrated Camera",
  facing: null,
  ...over,
});

Deno.test("isMirrored() goes by what the browser says, then by the name", () => {
  assert.equal(isMirrored([], camera({ facing: "user", label: "camera2 0, facing back" })), true);
  assert.equal(isMirrored([], camera({ facing: "environment", label: "Front Camera" })), false);
  assert.equal(isMirrored([], camera()), true);
  const away = ["Back Camera", "camera2 0, facing back", "Rear Triple Camera", "OBS Virtual Camera"];
  assert.deepEqual(away.map((label) => isMirrored([], camera({ label }))), [false, false, false, false]);
});

Deno.test("chooseMirror() is remembered for each camera of its own", () => {
  const other = camera({ deviceId: "2" });
  let choices = chooseMirror([], camera(), false);
  assert.deepEqual([isMirrored(choices, camera()), isMirrored(choices, other)], [false, true]);
  choices = chooseMirror(chooseMirror(choices, other, false), camera(), true);
  assert.deepEqual([isMirrored(choices, camera()), isMirrored(choices, other)], [true, false]);
});

Deno.test("chooseMirror() takes the name where there is no id, and forgets the oldest", () => {
  let choices: MirrorChoices = [];
  for (let index = 0; index <= MAX_MIRROR_CHOICES; index++) {
    choices = chooseMirror(choices, camera({ deviceId: "", label: `Camera ${index}` }), false);
  }
  assert.equal(choices.length, MAX_MIRROR_CHOICES);
  assert.equal(isMirrored(choices, camera({ deviceId: "", label: "Camera 0" })), true);
  assert.equal(isMirrored(choices, camera({ deviceId: "", label: "Camera 1" })), false);
});
