import assert from "node:assert/strict";
import type { Probe, Score, Variation, Want } from "../../port.ts";
import { type Part, type PlanModel, planParts, scoreOf } from "./parts.ts";

const NONE: Variation = { kind: "none" };
const MODEL: PlanModel = {
  most: ({ kind }) => kind === "gradients" ? 4 : 8,
  folded: (layer) => layer.startsWith("folded"),
};
const LOGITS: Want = { kind: "logits" };

Deno.test("planParts() computes an input once for all its rows, and keeps its pass only for a gradient", () => {
  const parts = plan([
    row(LOGITS),
    row({ kind: "projection", top: 1, also: [] }),
    row({ kind: "layer", layer: "b", score: null }),
    row({ kind: "input", score: logit(0), rule: "plain" }),
    row(LOGITS, 2),
    row({ kind: "layer", layer: "b", score: null }, 2),
  ]);
  assert.deepEqual(parts.map(({ kind }) => kind), ["gradients", "values"]);
  assert.deepEqual(parts.map(places), [[[0, 1, 2, 3]], [[4, 5]]]);
});

Deno.test("planParts() tells inputs apart by frame, variation and random head", () => {
  const noise = (seed: number): Variation => ({ kind: "noise", seed, level: 0.1 });
  const parts = plan([
    row(LOGITS, 1, noise(1)),
    row(LOGITS, 1, noise(2)),
    row(LOGITS, 1, noise(1)),
    row(LOGITS, 2, noise(1)),
    { ...row(LOGITS, 1, noise(1)), randomHead: 5 },
    { ...row(LOGITS, 1, noise(2)), randomHead: 5 },
    { ...row(LOGITS, 1, noise(1)), randomHead: 6 },
  ]);
  assert.deepEqual(parts.map(places), [[[0, 2], [1], [3]], [[4], [5]], [[6]]]);
  assert.deepEqual(parts.map(({ form }) => form.randomHead), [null, 5, 6]);
});

Deno.test("planParts() records once for several classes, apart from inputs with fewer", () => {
  const gradient = (c: number, frame: number) =>
    row({ kind: "input", score: logit(c), rule: "plain" }, frame);
  const parts = plan([gradient(1, 1), gradient(2, 1), gradient(1, 2), gradient(2, 3), gradient(3, 3)]);
  assert.deepEqual(parts.map(places), [[[0, 1], [3, 4]], [[2]]]);
});

/** One want of each backward pass and of each kind that has a pass of its own. */
const PASSES: readonly Want[] = [
  { kind: "input", score: logit(0), rule: "plain" },
  { kind: "input", score: logit(0), rule: "guided" },
  { kind: "input", score: { kind: "channel", layer: "b", channel: 0 }, rule: "plain" },
  { kind: "layer", layer: "a", score: logit(0) },
  { kind: "layer", layer: "b", score: logit(0) },
  { kind: "layer", layer: "a", score: { kind: "neuron", layer: "b", row: 0, column: 0, channel: 0 } },
  { kind: "bias-terms", score: logit(0) },
  { kind: "fixations", target: { kind: "rank", rank: 1 } },
];

Deno.test("planParts() computes all backward passes from one forward pass, but for biases and fixations", () => {
  const parts = plan(PASSES.map((want) => row(want)));
  assert.deepEqual(parts.map(places), [[[0, 1, 2, 3, 4, 5]], [[6]], [[7]]]);
  assert.deepEqual(parts.map((part) => part.kind === "own" ? part.want : part.kind), [
    "gradients",
    "bias-terms",
    "fixations",
  ]);
  const [first] = parts;
  assert.ok(first?.kind === "gradients");
  const passes = first.backward.map(({ from, at, rule }) => `${from} ${at} ${rule}`);
  assert.deepEqual(passes.toSorted(), [
    "b a plain",
    "b null plain",
    "null a plain",
    "null b plain",
    "null null guided",
    "null null plain",
  ]);
});

Deno.test("planParts() keeps inputs apart that have other backward passes", () => {
  const parts = plan(PASSES.map((want, frame) => row(want, frame)));
  assert.deepEqual(parts.map(places), PASSES.map((_, place) => [[place]]));
  const [a, b] = [PASSES.slice(0, 2), PASSES.slice(0, 2).toReversed()];
  const together = plan([...a.map((want) => row(want, 1)), ...b.map((want) => row(want, 2))]);
  assert.deepEqual(together.map(places), [[[0, 1], [2, 3]]]);
});

Deno.test("planParts() takes another form of the network only for layers that the fast one folds", () => {
  const wants: readonly Want[] = [
    { kind: "layer", layer: "a", score: logit(0) },
    { kind: "layer", layer: "folded1", score: logit(0) },
    { kind: "layer", layer: "folded2", score: { kind: "channel", layer: "folded1", channel: 0 } },
    { kind: "layer", layer: "folded2", score: null },
    { kind: "bias-terms", score: { kind: "channel", layer: "folded1", channel: 0 } },
  ];
  const formsOf = (parts: readonly Part[]) => parts.map(({ form }) => [form.unfold, form.fuseActivations]);
  assert.deepEqual(formsOf(plan(wants.map((want, frame) => row(want, frame)))), [
    [[], true],
    [["folded1"], true],
    [["folded1", "folded2"], true],
    [["folded2"], true],
    [["folded1"], false],
  ]);
  assert.deepEqual(formsOf(plan(wants.map((want) => row(want)))), [
    [["folded1", "folded2"], true],
    [["folded1"], false],
  ]);
});

Deno.test("planParts() cuts parts where they would keep too much", () => {
  const many = (want: Want) => Array.from({ length: 33 }, (_, frame) => row(want, frame));
  const sizes = (want: Want) => plan(many(want)).map(({ inputs }) => inputs.length);
  assert.deepEqual(sizes(LOGITS), [8, 8, 8, 8, 1]);
  assert.deepEqual(sizes({ kind: "input", score: logit(0), rule: "plain" }), [4, 4, 4, 4, 4, 4, 4, 4, 1]);
  assert.deepEqual(sizes({ kind: "bias-terms", score: logit(0) }), new Array(33).fill(1));
});

Deno.test("planParts() keeps windows of one size together, whatever frames they hide parts of", () => {
  const fill = (top: number, height: number): Variation => ({
    kind: "fill",
    window: { top, left: 0, height, width: 32 },
    fill: "grey",
  });
  const parts = plan([
    row(LOGITS),
    row(LOGITS, 1, fill(0, 32)),
    row(LOGITS, 2, fill(8, 32)),
    row(LOGITS, 1, fill(0, 16)),
    row({ kind: "input", score: logit(0), rule: "plain" }, 3, fill(0, 32)),
  ]);
  assert.deepEqual(parts.map(({ kind }) => kind), ["values", "windows", "windows", "gradients"]);
  assert.deepEqual(parts.map(places), [[[0]], [[1], [2]], [[3]], [[4]]]);
});

Deno.test("planParts() plans the places that it is given and no others", () => {
  const batch = [row(LOGITS), row(LOGITS, 2), row(LOGITS, 3)];
  assert.deepEqual(planParts(batch, [0, 2], MODEL).map(places), [[[0], [2]]]);
  assert.deepEqual(planParts(batch, [], MODEL), []);
});

Deno.test("scoreOf() finds the score of a want", () => {
  assert.equal(scoreOf(LOGITS), null);
  assert.equal(scoreOf({ kind: "layer", layer: "a", score: null }), null);
  assert.deepEqual(scoreOf({ kind: "bias-terms", score: logit(3) }), logit(3));
});

function plan(batch: readonly Probe[]): readonly Part[] {
  return planParts(batch, [...batch.keys()], MODEL);
}

function places({ inputs }: Part): readonly (readonly number[])[] {
  return inputs.map(({ requests }) => requests.map(({ place }) => place));
}

function row(want: Want, frame = 1, variation = NONE): Probe {
  return { frame, variation, want };
}

function logit(index: number): Score {
  return { kind: "target", target: { kind: "class", index }, score: "logit" };
}
