import assert from "node:assert/strict";
import type { Volume } from "../../engine/port.ts";
import { principalProjection } from "../numerics/principal.ts";
import { answered, assertClose, at, course, mapOf } from "../testing/gradient_cases.ts";
import { eigenCam } from "./eigen_cam.ts";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";

/** Eigenvectors of a symmetric matrix by Jacobi's rotations, as `[value, vector]`, the largest value first. */
function eigen(matrix: number[][]): [number, number[]][] {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = matrix.map((_, i) => matrix.map((_, j) => i === j ? 1 : 0));
  const get = (m: number[][], i: number, j: number) => m[i]?.[j] ?? NaN;
  const put = (m: number[][], i: number, j: number, value: number) => (m[i] ?? [])[j] = value;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (get(a, p, q) === 0) continue;
        const angle = Math.atan2(2 * get(a, p, q), get(a, q, q) - get(a, p, p)) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const rotate = (m: number[][], i1: number, j1: number, i2: number, j2: number) => {
          const [first, second] = [get(m, i1, j1), get(m, i2, j2)];
          put(m, i1, j1, c * first - s * second);
          put(m, i2, j2, s * first + c * second);
        };
        for (let k = 0; k < size; k++) rotate(a, k, p, k, q);
        for (let k = 0; k < size; k++) rotate(a, p, k, q, k);
        for (let k = 0; k < size; k++) rotate(v, k, p, k, q);
      }
    }
  }
  return matrix.map((_, j): [number, number[]] => [get(a, j, j), v.map((row) => row[j] ?? NaN)])
    .sort((x, y) => y[0] - x[0]);
}

/** X·v₁ from the eigenvectors of the channels' covariance. */
function definition(a: Volume): number[] {
  const positions = a.height * a.width;
  const rows = Array.from(
    { length: positions },
    (_, place) =>
      Array.from({ length: a.channels }, (_, k) => at(a, Math.floor(place / a.width), place % a.width, k)),
  );
  const means = Array.from(
    { length: a.channels },
    (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / positions,
  );
  const centred = rows.map((row) => row.map((value, k) => value - (means[k] ?? 0)));
  const covariance = means.map((_, i) =>
    means.map((_, j) => centred.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0))
  );
  const [first] = eigen(covariance);
  const projection = centred.map((row) =>
    row.reduce((sum, value, k) => sum + value * (first?.[1][k] ?? NaN), 0)
  );
  const alike = projection.reduce(
    (sum, value, place) => sum + value * (rows[place]?.reduce((x, y) => x + y, 0) ?? 0),
    0,
  );
  return projection.map((value) => alike < 0 ? -value : value);
}

for (const layer of ["early", "features"]) {
  Deno.test(`eigen-cam equals its definition at ${layer}`, () => {
    const { activation } = answered({ kind: "layer", layer, score: null }).detail;
    const wanted = definition(activation);
    assertClose(mapOf(eigenCam, { layer, options: { signed: true } }).values, wanted, 1e-4);
    assertClose(mapOf(eigenCam, { layer }).values, wanted.map((value) => Math.max(0, value)), 1e-4);
  });
}

Deno.test("principalProjection() equals the definition on random volumes, wide and tall", () => {
  for (const [height, width, channels] of [[3, 5, 4], [3, 3, 12], [1, 6, 6], [4, 4, 1]] as const) {
    const random = randomNumbers(height * 100 + channels);
    const values = Float32Array.from({ length: height * width * channels }, () => random() * 4 - 1);
    const volume = { height, width, channels, values };
    assertClose(principalProjection(volume), definition(volume), 1e-5, `${height}×${width}×${channels}`);
  }
});

Deno.test("principalProjection() is 0 where every place has the same values", () => {
  const values = Float32Array.from({ length: 12 }, (_, index) => index % 3);
  assert.deepEqual([...principalProjection({ height: 2, width: 2, channels: 3, values })], [0, 0, 0, 0]);
});

Deno.test("eigen-cam costs one row without a gradient and does not depend on the class", () => {
  const maps = [0, 2].map((index) => course(eigenCam, { target: { kind: "class", index } }));
  assert.deepEqual(maps.map(({ kinds }) => kinds), [["frame"], ["frame"]]);
  assert.deepEqual(maps.map(({ map }) => map?.classIndex), [0, 2]);
  assert.deepEqual(maps[0]?.map?.values, maps[1]?.map?.values);
});

Deno.test("eigen-cam names the class that the rank means", () => {
  const { row } = answered({ kind: "layer", layer: "features", score: null });
  const { classIndex } = mapOf(eigenCam, { target: { kind: "rank", rank: 1 } });
  assert.equal(row.logits[classIndex], Math.max(...row.logits));
});
