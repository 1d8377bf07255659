import assert from "node:assert/strict";
import fc from "fast-check";
import { predictionOf, probabilityOf, targetClass, topClasses, topPredictions } from "./ranking.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

Deno.test("topClasses() ranks by logit and puts the lower index first where two are equal", () => {
  assert.deepEqual(topClasses(Float32Array.of(1, 3, 2, 3), 3), [1, 3, 2]);
  assert.deepEqual(topClasses(Float32Array.of(1, 2), 5), [1, 0]);
});

Deno.test("topClasses() agrees with a full stable sort", () => {
  const logits = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });
  assertProperty(fc.property(logits, fc.integer({ min: 1, max: 7 }), (values, count) => {
    const sorted = values.map((_, index) => index).sort((a, b) =>
      (values[b] ?? 0) - (values[a] ?? 0) || a - b
    );
    assert.deepEqual(topClasses(Float32Array.from(values), count), sorted.slice(0, count));
  }));
});

Deno.test("topPredictions() gives softmax probabilities over all classes, not only the top ones", () => {
  const [first] = topPredictions(Float32Array.of(0, Math.log(2), 0), { labels: ["a", "b", "c"] }, 1);
  assert.equal(first?.label, "b");
  assert.ok(Math.abs((first?.probability ?? 0) - 0.5) < 1e-7);
});

Deno.test("probabilityOf() stays finite for huge logits", () => {
  assert.equal(probabilityOf(Float32Array.of(10_000, 0), 0), 1);
  assert.equal(probabilityOf(Float32Array.of(-10_000, -10_000), 1), 0.5);
});

Deno.test("topPredictions() gives classes behind sigmoids probabilities of their own", () => {
  const logits = Float32Array.of(0, Math.log(3), -1000, 1000);
  const lines = topPredictions(logits, { labels: ["a", "b", "c", "d"], head: "sigmoid" });
  assert.deepEqual(lines.map(({ index }) => index), [3, 1, 0, 2]);
  const wanted = [1, 0.75, 0.5, 0];
  assert.ok(lines.every(({ probability }, at) => Math.abs(probability - (wanted[at] ?? NaN)) < 1e-6));
  assert.equal(probabilityOf(logits, 0, "sigmoid"), 0.5);
});

Deno.test("predictionOf() names a class without a label by its index", () => {
  assert.equal(predictionOf(Float32Array.of(1, 2), { labels: ["a"] }, 1).label, "1");
});

Deno.test("targetClass() follows the rank or stays with the class", () => {
  const logits = Float32Array.of(1, 3, 2);
  assert.equal(targetClass(logits, { kind: "rank", rank: 2 }), 2);
  assert.equal(targetClass(logits, { kind: "class", index: 0 }), 0);
  assert.throws(() => targetClass(logits, { kind: "rank", rank: 4 }), RangeError);
});
