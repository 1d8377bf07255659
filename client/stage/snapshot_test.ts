/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { snapshotName, snapshotPlace } from "./snapshot.ts";

const NOW = new Date("2026-11-30T14:05:09.500Z");
const rows = [{ index: 3, label: "Café au lait, coffee", logit: 4, probability: 0.8 }];

Deno.test("snapshotName() names what is seen, the method and the time", () => {
  assert.equal(
    snapshotName({ rows, unsure: false }, "grad-cam", NOW),
    "gradcast-café-au-lait-grad-cam-2026-11-30T140509.png",
  );
});

Deno.test("snapshotName() names no guess, and nothing before the first result", () => {
  assert.match(snapshotName({ rows, unsure: true }, "rise", NOW), /^gradcast-not-sure-rise-/);
  assert.match(snapshotName({ rows: [], unsure: false }, "rise", NOW), /^gradcast-picture-rise-/);
});

Deno.test("snapshotPlace() is as wide as the snapshot, and never higher than twice that", () => {
  assert.deepEqual(snapshotPlace(1), { x: 0, y: 0, width: 1024, height: 1024 });
  assert.deepEqual(snapshotPlace(2), { x: 0, y: 0, width: 1024, height: 512 });
  assert.deepEqual(snapshotPlace(0.25), { x: 256, y: 0, width: 512, height: 2048 });
});
