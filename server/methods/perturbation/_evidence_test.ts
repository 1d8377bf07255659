import assert from "node:assert/strict";
import { evidenceOf } from "./_evidence.ts";
import { layWindows } from "../numerics/windows.ts";

const INPUT = { width: 8, height: 8 };

Deno.test("evidenceOf() takes the mean of the projection under each window", () => {
  const grid = layWindows(8, 8, { window: 4, stride: 2 });
  const map = { height: 2, width: 2, values: Float32Array.of(1, 2, 3, 4) };
  assert.deepEqual([...evidenceOf(grid, INPUT, map)], [1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4]);
});

Deno.test("evidenceOf() goes from the centre outwards without a projection", () => {
  const grid = layWindows(8, 8, { window: 4, stride: 2 });
  const evidence = evidenceOf(grid, INPUT, null);
  assert.equal(evidence.indexOf(Math.max(...evidence)), 4);
  assert.ok((evidence[1] ?? 0) > (evidence[0] ?? 0));
});
