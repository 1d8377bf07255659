import assert from "node:assert/strict";
import { answered, assertClose, classScore, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { offerOf } from "../offer.ts";
import { attentionGradient } from "./attention_gradient.ts";
import { attentionRollout } from "./attention_rollout.ts";
import { leGrad } from "./legrad.ts";

const { attention } = NETWORK.model;
const { tokens = 0, grid = { height: 0, width: 0, skip: 0 } } = attention ?? {};
const LOGIT = classScore(1);

/** `[tokens][tokens]` of each block. */
function blocks(of: "shares" | "weighted-shares"): readonly number[][][] {
  assert.ok(LOGIT.kind === "target");
  const { detail } = answered({ kind: "attention", of, score: LOGIT });
  return detail.maps.map((map) =>
    Array.from({ length: tokens }, (_, row) => [...map.subarray(row * tokens, (row + 1) * tokens)])
  );
}

function product(a: number[][], b: number[][]): number[][] {
  return a.map((row) =>
    row.map((_, column) => row.reduce((sum, value, i) => sum + value * (b[i]?.[column] ?? NaN), 0))
  );
}

const ONES = Array.from(
  { length: tokens },
  (_, row) => Array.from({ length: tokens }, (_, column) => Number(row === column)),
);

Deno.test("attention-rollout is the class token's row of the product of all blocks' mixes, over the patches", () => {
  const mixes = blocks("shares").map((block) =>
    block.map((row, i) => row.map((value, j) => (value + (ONES[i]?.[j] ?? NaN)) / 2))
  );
  const wanted = mixes.reduce((rollout, mix) => product(mix, rollout), ONES)[0]?.slice(1) ?? [];
  const { values, height, width } = mapOf(attentionRollout);
  assert.deepEqual([height, width], [grid.height, grid.width]);
  assertClose(values, wanted, 1e-6);
});

Deno.test("attention-gradient adds to the relevance of each block what goes through it and raises the score", () => {
  let relevance: number[][] = ONES;
  for (const block of blocks("weighted-shares")) {
    const passed = product(block, relevance);
    relevance = relevance.map((row, i) => row.map((value, j) => value + (passed[i]?.[j] ?? NaN)));
  }
  assertClose(mapOf(attentionGradient).values, relevance[0]?.slice(1) ?? [], 1e-4);
});

Deno.test("legrad is the mean over blocks of what their own scores gain by attention to each patch", () => {
  assert.ok(LOGIT.kind === "target");
  const { detail } = answered({ kind: "attention", of: "readout-gradients", score: LOGIT });
  const [first = [], second = []] = detail.maps.map((map) => [...map]);
  const wanted = first.slice(1).map((value, at) => (value + (second[at + 1] ?? NaN)) / 2);
  assertClose(mapOf(leGrad).values, wanted, 1e-6);
});

Deno.test("methods of attention read the mean of all rows where there is no class token", () => {
  const info = { blocks: 2, tokens, grid: { ...grid, skip: 0 }, readouts: true };
  const network = {
    model: { ...NETWORK.model, attention: info },
    answer: NETWORK.answer.bind(NETWORK),
  };
  const mixes = blocks("shares").map((block) =>
    block.map((row, i) => row.map((value, j) => (value + (ONES[i]?.[j] ?? NaN)) / 2))
  );
  const rollout = mixes.reduce((all, mix) => product(mix, all), ONES);
  const means = ONES.map((_, column) => rollout.reduce((sum, row) => sum + (row[column] ?? NaN), 0) / tokens);
  assertClose(mapOf(attentionRollout, { network }).values, means.slice(0, grid.height * grid.width), 1e-6);
});

Deno.test("methods of attention are offered only where there is attention, legrad where every block can be read", () => {
  const { attention: _, ...without } = NETWORK.model;
  const ids = (model: typeof without) => offerOf(model).methods.map(({ id }) => id);
  for (const { id } of [attentionRollout, attentionGradient, leGrad]) {
    assert.ok(ids(NETWORK.model).includes(id));
    assert.ok(!ids(without).includes(id));
  }
  assert.ok(attention !== undefined);
  const unlike = { ...NETWORK.model, attention: { ...attention, readouts: false } };
  assert.ok(ids(unlike).includes("attention-gradient") && !ids(unlike).includes("legrad"));
  assert.throws(
    () => mapOf(leGrad, { network: { ...NETWORK, model: unlike, answer: () => assert.fail() } }),
    {
      code: "unknown-method",
      message: /every block/u,
    },
  );
});
