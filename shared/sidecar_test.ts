import assert from "node:assert/strict";
import { SIDECAR } from "./testing/small_sidecar.ts";
import { readSidecar } from "./read_sidecar.ts";
import { entryAt, trimSidecar } from "./sidecar.ts";

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

Deno.test("trimSidecar() begins again at 0 with the map that held there", () => {
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
