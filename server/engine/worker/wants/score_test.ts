import assert from "node:assert/strict";
import { maxDifference, random } from "../../testing/goldens.ts";
import type { Score } from "../../port.ts";
import { classOf, softmax, startOf } from "./score.ts";

Deno.test("classOf() finds a class by index, or by its rank among the row's own logits", () => {
  const logits = new Float32Array([1, 4, -2, 3]);
  assert.equal(classOf({ kind: "class", index: 2 }, logits), 2);
  assert.deepEqual([1, 2, 4].map((rank) => classOf({ kind: "rank", rank }, logits)), [1, 3, 2]);
});

Deno.test("softmax() adds up to 1, whatever the size of the logits", () => {
  const shares = softmax(new Float32Array([1000, 999, -1000]));
  assert.ok(maxDifference(shares, [1 / (1 + Math.exp(-1)), 1 / (1 + Math.E), 0]) < 1e-6);
});

const SCORES: readonly (readonly [Score, readonly number[]])[] = [
  [{ kind: "target", target: { kind: "class", index: 3 }, score: "logit" }, [7]],
  [{ kind: "target", target: { kind: "rank", rank: 2 }, score: "probability" }, [7]],
  [{ kind: "channel", layer: "a", channel: 1 }, [2, 3, 4]],
  [{ kind: "neuron", layer: "a", row: 1, column: 2, channel: 3 }, [2, 3, 4]],
];

Deno.test("startOf() gives the gradient that small differences of the score give", () => {
  for (const [score, shape] of SCORES) {
    const next = random(3);
    const length = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length }, () => 4 * next() - 2);
    const { seed } = startOf(score, { shape, values });
    const differences = values.map((_, i) => {
      const at = (step: number) =>
        startOf(score, { shape, values: values.with(i, (values[i] ?? 0) + step) }).score;
      return (at(1e-2) - at(-1e-2)) / 2e-2;
    });
    assert.ok(maxDifference(seed, differences) < 1e-4, `${score.kind}: ${seed} instead of ${differences}`);
  }
});

Deno.test("startOf() gives a class behind a sigmoid a probability of its own", () => {
  const values = Float32Array.of(1, -2, 0.5);
  const score = { kind: "target", target: { kind: "class", index: 1 }, score: "probability" } as const;
  const { score: probability, seed } = startOf(score, { shape: [3], values, head: "sigmoid" });
  const wanted = 1 / (1 + Math.exp(2));
  assert.ok(Math.abs(probability - wanted) < 1e-7);
  assert.ok(maxDifference(seed, [0, wanted * (1 - wanted), 0]) < 1e-7);
});

Deno.test("startOf() reads the score itself and says whose it is", () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  const starts = SCORES.map(([score, shape]) =>
    startOf(score, { shape, values: values.slice(0, shape.length === 1 ? 7 : 24) })
  );
  assert.deepEqual(starts.map(({ classIndex }) => classIndex), [3, 5, null, null]);
  assert.deepEqual([starts[0]?.score, starts[2]?.score, starts[3]?.score], [3, 11, 23]);
  assert.ok(Math.abs((starts[1]?.score ?? NaN) - (softmax(values.slice(0, 7))[5] ?? NaN)) < 1e-7);
});
