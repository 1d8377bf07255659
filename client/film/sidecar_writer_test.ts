/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { readSidecar } from "../../shared/read_sidecar.ts";
import { MAX_SIDECAR_FRAMES, type SidecarFrame } from "../../shared/sidecar.ts";
import { EMPTY_SIDECAR } from "../../tests/support/sidecar.ts";
import { SidecarWriter } from "./sidecar_writer.ts";

const { frames: _none, ...HEAD } = { ...EMPTY_SIDECAR, labels: { "7": "cup" } };

const entry = (t: number): SidecarFrame => ({
  ...{ t, view: 0, frame: 1, target: 7, predictions: [[7, 0.5]] },
  ...{ scale: { low: 0, high: 4 }, map: null },
});

Deno.test("SidecarWriter writes what readSidecar() reads, over many parts", async () => {
  const writer = new SidecarWriter();
  for (let place = 0; place < 1_000; place++) writer.add(entry(place / 30));
  const { frames, labels } = readSidecar(
    await writer.finish(HEAD),
  );
  assert.equal(frames.length, 1_000);
  assert.deepEqual(frames[999], entry(999 / 30));
  assert.deepEqual(labels, { "7": "cup" });
});

Deno.test("SidecarWriter without an entry is a sidecar too", async () => {
  const text = await new SidecarWriter().finish(HEAD);
  assert.deepEqual(readSidecar(text).frames, []);
});

Deno.test("SidecarWriter takes no more than a sidecar may hold, so that a long film keeps its sidecar", async () => {
  const writer = new SidecarWriter();
  for (let place = 0; place < MAX_SIDECAR_FRAMES + 10; place++) writer.add(entry(place / 30));
  assert.equal(writer.count, MAX_SIDECAR_FRAMES);
  const text = await writer.finish(HEAD);
  assert.equal(readSidecar(text).frames.length, MAX_SIDECAR_FRAMES);
});
