import assert from "node:assert/strict";
import { logMap } from "./log_map.ts";

Deno.test("logMap() keeps a small map cell by cell, as shares of its largest magnitude", () => {
  assert.deepEqual(logMap({ height: 1, width: 3, values: Float32Array.of(-4, 2, 0) }), {
    height: 1,
    width: 3,
    scale: 4,
    values: Int8Array.of(-127, 64, 0),
  });
});

Deno.test("logMap() takes the means of blocks of a large map, smaller ones at its edges", () => {
  const [height, width] = [57, 30];
  const values = Float32Array.from({ length: height * width }, (_, at) => at % width < 3 ? 6 : 0);
  const map = logMap({ height, width, values });
  assert.deepEqual([map.height, map.width, map.scale], [19, 10, 6]);
  assert.deepEqual([...map.values.subarray(0, 10)], [127, ...new Array(9).fill(0)]);
});

Deno.test("logMap() of a map without evidence is all zeros", () => {
  assert.deepEqual(logMap({ height: 1, width: 2, values: new Float32Array(2) }).values, new Int8Array(2));
});
