import assert from "node:assert/strict";
import { readSidecar } from "./read_sidecar.ts";
import { entryAt, type Sidecar, type SidecarView, trimSidecar } from "./sidecar.ts";

const MAP = { height: 1, width: 1, scale: 2, values: btoa("a") };

const VIEW: SidecarView = {
  method: "grad-cam",
  name: "Grad-CAM",
  target: { kind: "rank", rank: 1 },
  layer: null,
  options: {},
  signed: false,
  network: false,
  unit: "logits",
  mirrored: false,
  picture: [640, 480],
};

const SIDECAR: Sidecar = {
  gradcast: 2,
  created: "2026-01-31T12:00:00.000Z",
  model: { id: "tiny", name: "Tiny" },
  sharedNames: [],
  views: [VIEW, { ...VIEW, picture: [480, 640] }],
  width: 640,
  height: 480,
  drawn: true,
  durationS: 4,
  labels: { "7": "cup" },
  frames: [0, 1, 2, 3].map((t) => ({
    t,
    view: t < 2 ? 0 : 1,
    frame: t + 1,
    target: 7,
    predictions: [[7, 0.5]],
    scale: { low: 0, high: 3 },
    map: t % 2 === 0 ? { ...MAP, scale: t + 1 } : null,
  })),
  markers: [{ t: 0.5, name: "1" }, { t: 2.5, name: "2" }],
};

Deno.test("entryAt() finds the entry that holds at a time", () => {
  assert.deepEqual([-1, 0, 0.9, 1, 2.5, 99].map((time) => entryAt(SIDECAR.frames, time)), [
    -1,
    0,
    0,
    1,
    2,
    3,
  ]);
  assert.equal(entryAt([], 1), -1);
});

Deno.test("trimSidecar() begins anew at 0 with the map that held there", () => {
  const part = trimSidecar(SIDECAR, 1.5, 3);
  assert.deepEqual(part.frames.map(({ t, frame }) => [t, frame]), [[0, 2], [0.5, 3]]);
  assert.equal(part.frames[0]?.map?.scale, 1, "the second entry had the first one's map");
  assert.deepEqual(part.markers, [{ t: 1, name: "2" }]);
  assert.equal(part.durationS, 1.5);
  assert.deepEqual(readSidecar(JSON.stringify(part)), part);
});

Deno.test("trimSidecar() of everything changes nothing", () => {
  assert.deepEqual(trimSidecar(SIDECAR, 0, 4), SIDECAR);
});
