/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { frameTiming, type SourceKind, standsStill } from "./source_kind.ts";

const SAMPLE: SourceKind = { kind: "sample", id: "coffee", name: "Coffee", panning: true };
const STILL_SAMPLE: SourceKind = { ...SAMPLE, panning: false };
const PHOTO: SourceKind = { kind: "photo", name: "a.jpg", animated: false };
const VIDEO: SourceKind = { kind: "video", name: "a.mp4", file: new Blob() };
const CAMERA: SourceKind = { kind: "camera", name: "Front" };

Deno.test("standsStill() holds for photos, samples without a pan and whatever is frozen", () => {
  const sources = [SAMPLE, STILL_SAMPLE, PHOTO, VIDEO, CAMERA];
  assert.deepEqual(sources.map((one) => standsStill(one, false)), [false, true, true, false, false]);
  assert.ok(sources.every((one) => standsStill(one, true)));
});

Deno.test("frameTiming() follows what moves in a tab that is seen", () => {
  const seen = { frozen: false, hidden: false };
  assert.deepEqual(
    [{ kind: "none" } as const, SAMPLE, STILL_SAMPLE, PHOTO, VIDEO, CAMERA].map((one) =>
      frameTiming(one, seen)
    ),
    ["none", "drawn", "none", "none", "video", "video"],
  );
  assert.equal(frameTiming(CAMERA, { ...seen, frozen: true }), "none");
  assert.equal(frameTiming(SAMPLE, { ...seen, hidden: true }), "none");
});
