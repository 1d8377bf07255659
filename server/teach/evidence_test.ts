import assert from "node:assert/strict";
import { SKETCH_SIDE } from "../engine/mod.ts";
import { areaOutside, movingBox, shareOutside } from "./evidence.ts";

const box = (top: number, left: number, height: number, width: number) => ({ top, left, height, width });

Deno.test("shareOutside() counts positive evidence by the area of its cells", () => {
  const map = { height: 2, width: 2, values: [3, 1, -8, 4] };
  assert.equal(shareOutside(map, box(0, 0, 1, 1)), 0);
  assert.equal(shareOutside(map, box(0, 0, 0.5, 0.5)), 5 / 8);
  // Half of the first cell alone.
  assert.equal(shareOutside(map, box(0, 0, 0.5, 0.25)), 1 - 1.5 / 8);
  assert.equal(shareOutside({ ...map, values: [-1, 0, -2, -3] }, box(0, 0, 1, 1)), null);
});

Deno.test("shareOutside() follows cells that do not tile the input, and leaves out what lies beyond it", () => {
  const extent = { top: -0.5, left: 0, height: 2, width: 1 };
  const map = { height: 2, width: 1, values: [1, 3], extent };
  assert.equal(shareOutside(map, box(0, 0, 1, 1)), 0);
  assert.equal(shareOutside(map, box(0, 0, 0.5, 1)), 0.75);
  assert.equal(areaOutside(box(0, 0, 0.5, 0.5)), 0.75);
});

Deno.test("movingBox() is around what differs from the pictures beside it", () => {
  const still = new Uint8Array(SKETCH_SIDE ** 2).fill(90);
  const moved = still.slice();
  for (let row = 7; row < 14; row++) moved.fill(200, row * SKETCH_SIDE + 14, row * SKETCH_SIDE + 21);
  const found = movingBox(moved, [still]);
  assert.deepEqual(found, box(0.25, 0.5, 0.25, 0.25));
  assert.equal(movingBox(still, [still]), null, "nothing moves");
  assert.equal(movingBox(still, [new Uint8Array(SKETCH_SIDE ** 2).fill(200)]), null, "all of it does");
  assert.equal(movingBox(still, []), null, "nothing beside it");
});
