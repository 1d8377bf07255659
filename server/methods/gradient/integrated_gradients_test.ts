import assert from "node:assert/strict";
import { stepsInOrder } from "./_gradient_path.ts";
import { answered, assertClose, classScore, course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { integratedGradients } from "./integrated_gradients.ts";
import type { Carry } from "../method.ts";

const { height, width } = NETWORK.model;
const COLOURS = { grey: 0, black: -1, white: 1 } as const;

function gradientAt(alpha: number, base: keyof typeof COLOURS, score: "logit" | "probability"): Float32Array {
  return answered(
    { kind: "input", score: classScore(1, score), rule: "plain" },
    { kind: "scale", alpha, base },
  ).detail.gradient.values;
}

/** Σ_rgb (x − x′)·mean of the gradients at the positions, which are in any order. */
function definition(
  alphas: readonly number[],
  base: keyof typeof COLOURS = "grey",
  score: "logit" | "probability" = "logit",
): number[] {
  const frame = NETWORK.picture(1);
  const gradients = alphas.map((alpha) => gradientAt(alpha, base, score));
  return Array.from({ length: height * width }, (_, px) => {
    let sum = 0;
    for (const number of [3 * px, 3 * px + 1, 3 * px + 2]) {
      const mean = gradients.reduce((total, values) => total + (values[number] ?? NaN), 0) / alphas.length;
      sum += ((frame[number] ?? NaN) - COLOURS[base]) * mean;
    }
    return sum;
  });
}

const midpoints = (steps: number) => Array.from({ length: steps }, (_, k) => (k + 0.5) / steps);

Deno.test("stepsInOrder() gives every midpoint once, the middle first", () => {
  assert.deepEqual(stepsInOrder(1), [0.5]);
  for (const steps of [2, 7, 32, 50]) {
    const alphas = stepsInOrder(steps);
    assert.deepEqual(alphas.toSorted((a, b) => a - b), midpoints(steps));
    assert.ok(Math.abs((alphas[0] ?? NaN) - 0.5) < 0.6 / steps);
  }
  assert.deepEqual(stepsInOrder(7).slice(1, 3), [1.5 / 7, 5.5 / 7]);
});

for (const base of ["grey", "black", "white"] as const) {
  Deno.test(`integrated-gradients equals its definition from ${base}, still or moving, for either score`, () => {
    for (const score of ["logit", "probability"] as const) {
      const wanted = definition(midpoints(9), base, score);
      for (const still of [true, false]) {
        const map = mapOf(integratedGradients, { still, options: { steps: 9, baseline: base, score } });
        assert.deepEqual([map.height, map.width, map.layer, map.classIndex], [height, width, null, 1]);
        assertClose(map.values, wanted, 1e-4, `${score} ${still}`);
      }
    }
  });
}

Deno.test("integrated-gradients reports how far its sum misses the difference of the scores", () => {
  const frame = NETWORK.picture(1);
  const [of, from] = [frame, frame.map(() => -1)].map((input) => NETWORK.forward(input).logits[1] ?? NaN);
  const gap = (steps: number) => {
    const { values, completeness = NaN } = mapOf(integratedGradients, {
      options: { steps, baseline: "black" },
    });
    const sum = values.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(completeness - Math.abs(sum - ((of ?? NaN) - (from ?? NaN)))) < 1e-4);
    return completeness;
  };
  assert.ok(gap(1) > 0.01);
  assert.ok(gap(400) < 0.02);
});

Deno.test("integrated-gradients measures the probability's completeness in probabilities", () => {
  const { completeness = NaN } = mapOf(integratedGradients, {
    options: { steps: 400, score: "probability" },
  });
  assert.ok(completeness < 0.01);
});

Deno.test("integrated-gradients takes whole batches of a still picture, the baseline in the first", () => {
  const { kinds, groups, tiles } = course(integratedGradients, { options: { steps: 20 } });
  assert.deepEqual(groups.map((group) => group.length), [7, 7, 7]);
  assert.equal(kinds[0], "frame");
  const [first] = groups.flat();
  assert.deepEqual(first?.variation, { kind: "scale", alpha: 0, base: "grey" });
  assert.deepEqual(tiles.map(({ progress }) => progress), [6 / 20, 13 / 20]);
  assertClose(tiles[0]?.values ?? [], definition(stepsInOrder(20).slice(0, 6)), 1e-4);
});

Deno.test("integrated-gradients on a moving picture carries its baseline on and then shows a map at once", () => {
  const carry: Carry = new Map();
  const moving = (frame: number) =>
    course(integratedGradients, { frame, carry, still: false, options: { steps: 8 }, maxGroups: 2 });
  const first = moving(2);
  assert.deepEqual(
    first.groups.flat().map(({ variation }) => variation.kind === "scale" && variation.alpha),
    [
      0,
      4.5 / 8,
    ],
  );
  assert.deepEqual(first.tiles.map(({ progress }) => progress), [1 / 8]);
  const second = moving(1);
  assert.deepEqual(second.tiles.map(({ progress }) => progress), [0, 1 / 8, 2 / 8]);
  assertClose(second.tiles[0]?.values ?? [], definition([1]), 1e-4);
  assertClose(second.tiles[1]?.values ?? [], definition([1, 4.5 / 8]), 1e-4);
});

Deno.test("integrated-gradients finishes the same map whether its baseline was carried or not", () => {
  const carry: Carry = new Map();
  course(integratedGradients, { frame: 5, carry, still: false, maxGroups: 1 });
  assert.equal(carry.size, 1);
  for (const still of [true, false]) {
    const carried = mapOf(integratedGradients, { carry, still });
    const alone = mapOf(integratedGradients, { still });
    assertClose(carried.values, alone.values, 1e-5);
    assertClose([carried.completeness ?? NaN], [alone.completeness ?? NaN], 1e-5);
  }
});

Deno.test("integrated-gradients gives the same bytes again and stays with the ranked class", () => {
  const asked = { target: { kind: "rank", rank: 1 } } as const;
  const { map, groups } = course(integratedGradients, asked);
  assert.deepEqual(mapOf(integratedGradients, asked), map);
  for (const { want } of groups.flat()) {
    assert.ok(want.kind === "input" && want.score.kind === "target");
    assert.deepEqual(want.score.target, { kind: "class", index: map?.classIndex });
  }
});

Deno.test("integrated-gradients can be ended between two groups", () => {
  assert.equal(course(integratedGradients, { maxGroups: 1 }).map, null);
});

Deno.test("integrated-gradients refuses a baseline that depends on the frame", () => {
  assert.throws(() => course(integratedGradients, { options: { baseline: "blur" } }), {
    code: "bad-option",
    message: /grey, black, white, got 'blur'/,
  });
});
