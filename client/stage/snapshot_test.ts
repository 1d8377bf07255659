/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { snapshotName } from "./snapshot.ts";

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
