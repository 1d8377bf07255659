/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { MAX_SIDECAR_FRAMES, readSidecar, type SidecarFrame } from "../../shared/sidecar.ts";
import { SidecarWriter } from "./sidecar_writer.ts";

const HEAD = {
  gradcast: 1,
  created: "2026-11-26T18:00:00.000Z",
  model: { id: "m", name: "Model" },
  method: "grad-cam",
  target: { kind: "rank", rank: 1 },
  layer: null,
  options: {},
  signed: false,
  scale: 4,
  width: 160,
  height: 120,
  drawn: true,
  durationS: 3,
  labels: { "7": "cup" },
  markers: [],
} as const satisfies Parameters<SidecarWriter["finish"]>[0];

const entry = (t: number): SidecarFrame => ({ t, frame: 1, target: 7, predictions: [[7, 0.5]], map: null });

Deno.test("SidecarWriter writes what readSidecar() reads, over many parts", async () => {
  const writer = new SidecarWriter();
  for (let place = 0; place < 1_000; place++) writer.add(entry(place / 30));
  const { frames, labels } = readSidecar(
    await writer.finish({ ...HEAD, labels: { ...HEAD.labels }, markers: [] }),
  );
  assert.equal(frames.length, 1_000);
  assert.deepEqual(frames[999], entry(999 / 30));
  assert.deepEqual(labels, { "7": "cup" });
});

Deno.test("SidecarWriter without an entry is a sidecar too", async () => {
  const text = await new SidecarWriter().finish({ ...HEAD, labels: {}, markers: [] });
  assert.deepEqual(readSidecar(text).frames, []);
});

Deno.test("SidecarWriter takes no more than a sidecar may hold, so that a long film keeps its sidecar", async () => {
  const writer = new SidecarWriter();
  for (let place = 0; place < MAX_SIDECAR_FRAMES + 10; place++) writer.add(entry(place / 30));
  assert.equal(writer.count, MAX_SIDECAR_FRAMES);
  const text = await writer.finish({ ...HEAD, labels: {}, markers: [] });
  assert.equal(readSidecar(text).frames.length, MAX_SIDECAR_FRAMES);
});
