import assert from "node:assert/strict";
import { random } from "../../testing/goldens.ts";
import { startBackend } from "../../threads/backend.ts";
import { Kernels } from "../kernels.ts";
import { denseVjp } from "./dense.ts";

const kernels = new Kernels((await startBackend(1)).backend);

const [FEATURES, UNITS] = [7, 5];

/** Gradients of a batch, `[rows, UNITS]`. */
const GRADIENTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "one unit a row, as a logit's seed has it": [[0, 0, 1, 0, 0], [-2, 0, 0, 0, 0]],
  "a row without any": [[0, 0, 0, 0, 0], [0, 0, 0, 0, 3]],
  "several units in one of the rows": [[0, 1, 0, 0, 0], [0.5, 0, -1, 0, 2]],
};

for (const [what, rows] of Object.entries(GRADIENTS)) {
  Deno.test(`denseVjp() is W·gᵀ: ${what}`, () => {
    const weights = Float32Array.from({ length: FEATURES * UNITS }, random(4));
    const kernel = kernels.upload([FEATURES, UNITS], weights);
    const gradient = kernels.upload([rows.length, UNITS], Float32Array.from(rows.flat()));
    const result = denseVjp(kernels, gradient, kernel);
    const wanted = rows.map((row) =>
      Array.from(
        { length: FEATURES },
        (_, feature) =>
          row.reduce((sum, value, unit) => sum + value * (weights[feature * UNITS + unit] ?? NaN), 0),
      )
    );
    assert.deepEqual(result.shape, [rows.length, FEATURES]);
    for (const [at, value] of wanted.flat().entries()) {
      assert.ok(Math.abs((kernels.view(result)[at] ?? NaN) - value) < 1e-5);
    }
    for (const value of [kernel, gradient, result]) kernels.free(value);
    assert.equal(kernels.count, 0);
  });
}
