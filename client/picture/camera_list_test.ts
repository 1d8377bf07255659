/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { namedCameras } from "./camera_list.ts";

Deno.test("namedCameras() keeps cameras that have an id, and names those that have no name", () => {
  assert.deepEqual(
    namedCameras([
      { kind: "audioinput", deviceId: "m", label: "Microphone" },
      { kind: "videoinput", deviceId: "a", label: "HD Webcam (046d:0825)" },
      { kind: "videoinput", deviceId: "", label: "Hidden" },
      { kind: "videoinput", deviceId: "b", label: "" },
      { kind: "videoinput", deviceId: "c", label: "Front (wide)" },
    ]),
    [
      { id: "a", label: "HD Webcam" },
      { id: "b", label: "Camera 2" },
      { id: "c", label: "Front (wide)" },
    ],
  );
});
