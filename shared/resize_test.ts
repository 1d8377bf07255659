import assert from "node:assert/strict";
import { resizeBilinear } from "./resize.ts";

function resized(
  values: readonly number[],
  from: readonly [number, number],
  to: readonly [number, number],
): number[] {
  const plane = { height: from[0], width: from[1], values: Float32Array.from(values) };
  return [...resizeBilinear(plane, { height: to[0], width: to[1] })];
}

/** The definition, one target pixel at a time. */
function sample(values: readonly number[], [height, width]: readonly [number, number], y: number, x: number) {
  const at = (row: number, column: number) =>
    values[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))] ?? NaN;
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [y - top, x - left];
  return (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
    down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
}

Deno.test("resizeBilinear() uses half-pixel centres and clamps at the borders", () => {
  // cv2.resize([[0, 1]], (4, 1), interpolation=INTER_LINEAR) gives the same numbers.
  assert.deepEqual(resized([0, 1], [1, 2], [1, 4]), [0, 0.25, 0.75, 1]);
  assert.deepEqual(resized([0, 1], [2, 1], [4, 1]), [0, 0.25, 0.75, 1]);
});

Deno.test("resizeBilinear() equals the definition on odd sizes, larger and smaller", () => {
  const values = Array.from({ length: 15 }, (_, index) => (index * 37) % 11 - 5);
  for (const to of [[7, 4], [2, 9], [5, 3], [1, 1]] as const) {
    const wanted = Array.from({ length: to[0] * to[1] }, (_, index) =>
      sample(
        values,
        [5, 3],
        (Math.floor(index / to[1]) + 0.5) * 5 / to[0] - 0.5,
        (index % to[1] + 0.5) * 3 / to[1] - 0.5,
      ));
    for (const [index, value] of resized(values, [5, 3], to).entries()) {
      assert.ok(Math.abs(value - (wanted[index] ?? NaN)) < 1e-6, `${to} at ${index}`);
    }
  }
});

Deno.test("resizeBilinear() leaves a plane of the same size as it is", () => {
  assert.deepEqual(resized([1, 2, 3, 4], [2, 2], [2, 2]), [1, 2, 3, 4]);
});

Deno.test("resizeBilinear() writes into the array that it is given", () => {
  const out = new Float32Array(4);
  const plane = { height: 1, width: 1, values: Float32Array.of(3) };
  assert.equal(resizeBilinear(plane, { height: 2, width: 2 }, out), out);
  assert.deepEqual([...out], [3, 3, 3, 3]);
});

Deno.test("resizeBilinear() keeps a constant plane constant and the range of any other", () => {
  assert.ok(resized(new Array(49).fill(3), [7, 7], [224, 224]).every((value) => value === 3));
  const random = Array.from({ length: 49 }, (_, index) => (index * 37) % 11);
  const out = resized(random, [7, 7], [224, 224]);
  assert.ok(Math.max(...out) <= 10 && Math.min(...out) >= 0);
});

Deno.test("resizeBilinear() keeps the centre of mass where it was", () => {
  const plane = new Array(49).fill(0);
  plane[2 * 7 + 3] = 1;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (const [at, value] of resized(plane, [7, 7], [224, 224]).entries()) {
    sum += value;
    sumX += value * (at % 224 + 0.5);
    sumY += value * (Math.floor(at / 224) + 0.5);
  }
  assert.ok(Math.abs(sumX / sum - 112) < 0.01);
  assert.ok(Math.abs(sumY / sum - 80) < 0.01);
});
