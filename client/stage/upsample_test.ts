/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { upsample } from "./upsample.ts";

function up(values: number[], height: number, width: number, toHeight: number, toWidth: number): number[] {
  const out = new Float32Array(toHeight * toWidth);
  upsample({ height, width, values: new Float32Array(values) }, toHeight, toWidth, out);
  return [...out];
}

Deno.test("upsample() uses half-pixel centres and clamps at the borders", () => {
  // cv2.resize([[0, 1]], (4, 1), interpolation=INTER_LINEAR) gives the same numbers.
  assert.deepEqual(up([0, 1], 1, 2, 1, 4), [0, 0.25, 0.75, 1]);
  assert.deepEqual(up([0, 1], 2, 1, 4, 1), [0, 0.25, 0.75, 1]);
});

Deno.test("upsample() leaves a plane of the same size as it is", () => {
  assert.deepEqual(up([1, 2, 3, 4], 2, 2, 2, 2), [1, 2, 3, 4]);
});

Deno.test("upsample() keeps a constant plane constant and the range of any other", () => {
  assert.ok(up(new Array(49).fill(3), 7, 7, 224, 224).every((value) => value === 3));
  const random = Array.from({ length: 49 }, (_, index) => (index * 37) % 11);
  const out = up(random, 7, 7, 224, 224);
  assert.ok(Math.max(...out) <= 10 && Math.min(...out) >= 0);
});

Deno.test("upsample() keeps the centre of mass where it was", () => {
  const plane = new Array(49).fill(0);
  plane[2 * 7 + 3] = 1;
  const out = up(plane, 7, 7, 224, 224);
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (const [at, value] of out.entries()) {
    sum += value;
    sumX += value * (at % 224 + 0.5);
    sumY += value * (Math.floor(at / 224) + 0.5);
  }
  assert.ok(Math.abs(sumX / sum - 112) < 0.01);
  assert.ok(Math.abs(sumY / sum - 80) < 0.01);
});
