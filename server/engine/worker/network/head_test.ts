import assert from "node:assert/strict";
import { random } from "../../testing/goldens.ts";
import { Kernels } from "../../graph/kernels.ts";
import { startBackend, stopBackend } from "../../threads/backend.ts";
import { topClasses } from "../../../../shared/logits.ts";
import { project } from "./head.ts";

Deno.test("topClasses() sorts by falling logit, equal ones by index", () => {
  assert.deepEqual(topClasses(new Float32Array([1, 5, 5, -2, 7]), 3), [4, 1, 2]);
  assert.deepEqual(topClasses(new Float32Array([1, 5]), 9), [1, 0]);
  assert.deepEqual(topClasses(new Float32Array([1, 5]), 0), []);
  const next = random(1);
  const logits = Float32Array.from({ length: 200 }, () => Math.round(20 * next()));
  const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  assert.deepEqual(topClasses(logits, 20), order.slice(0, 20));
});

Deno.test("project() sums features times weights, row by row, cell by cell, class by class", async () => {
  const kernels = new Kernels((await startBackend(1)).backend);
  const weights = new Float32Array([1, -1, 0, 2, 0, 9, 3, 1, 7]);
  const head = { layer: "features", classes: 3, kernel: { shape: [3, 3], values: weights } };
  for (const rows of [1, 2]) {
    const values = [1, 1, 1, 0, 10, 100, 5, 5, 5, 2, 2, 2].slice(0, 6 * rows);
    const features = kernels.upload([rows, 1, 2, 3], new Float32Array(values));
    const before = kernels.count;
    assert.deepEqual(project(kernels, head, features, rows - 1, [1, 0]), {
      classes: [1, 0],
      height: 1,
      width: 2,
      values: new Float32Array(rows === 1 ? [0, 100, 6, 320] : [0, 0, 30, 12]),
    });
    assert.equal(kernels.count, before);
    kernels.free(features);
  }
  stopBackend();
});
