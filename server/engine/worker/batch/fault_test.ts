import assert from "node:assert/strict";
import type { Fill, LoadedModel, Mask, Probe, Score, Variation, Want } from "../../port.ts";
import type { Abilities } from "../wants/want.ts";
import { probeFault } from "./fault.ts";

const MODEL: LoadedModel = {
  id: "m",
  name: "M",
  width: 8,
  height: 6,
  defaultLayer: "late",
  classes: 4,
  knows: "4 classes",
  tries: [],
  labels: [..."abcd"],
  layers: [
    { name: "early", kind: "Conv2D", shape: [6, 8, 3], inputs: [] },
    { name: "late", kind: "Conv2D", shape: [3, 4, 5], inputs: ["early"] },
    { name: "flat", kind: "Dense", shape: [4], inputs: ["late"] },
  ],
  projectionLayer: "late",
  normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
  about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
};
const ABILITIES: Abilities = {
  model: MODEL,
  denseLogits: true,
  feeds: (layer, into) => layer !== "late" || into !== "early",
};
const LOGIT: Score = { kind: "target", target: { kind: "rank", rank: 1 }, score: "logit" };
const MASK: Mask = { height: 1, width: 2, values: new Float32Array([0, 1]) };

Deno.test("probeFault() finds nothing wrong with what can be computed", () => {
  const scores: Score[] = [
    LOGIT,
    { kind: "target", target: { kind: "class", index: 3 }, score: "probability" },
    { kind: "channel", layer: "late", channel: 4 },
    { kind: "neuron", layer: "late", row: 2, column: 3, channel: 0 },
  ];
  const wants: Want[] = [
    { kind: "logits" },
    { kind: "projection", top: 9, also: [0, 3] },
    { kind: "layer", layer: "late", score: null },
    { kind: "fixations", target: { kind: "rank", rank: 4 } },
    ...scores.flatMap((score): Want[] => [
      { kind: "layer", layer: "early", score },
      { kind: "input", score, rule: "guided" },
      { kind: "bias-terms", score },
    ]),
  ];
  const variations: Variation[] = [
    { kind: "none" },
    { kind: "fill", window: { top: 5, left: 7, height: 1, width: 1 }, fill: "blur" },
    { kind: "scale", alpha: 0, base: "black" },
    { kind: "scale", alpha: 1, base: "white" },
    { kind: "noise", seed: 2 ** 32 - 1, level: 0 },
    { kind: "mix", mask: MASK, base: "grey" },
    {
      kind: "mix",
      mask: { ...MASK, enlarged: { height: 9, width: 8 }, corner: { top: 3, left: 0 } },
      base: "grey",
    },
    { kind: "input", values: new Float32Array(144) },
  ];
  for (const want of wants) assert.equal(fault({ want }), null, JSON.stringify(want));
  for (const variation of variations) assert.equal(fault({ variation }), null, variation.kind);
  assert.equal(fault({ randomHead: 0 }), null);
});

Deno.test("probeFault() refuses a frame that is not here", () => {
  const probe: Probe = { frame: 9, variation: { kind: "none" }, want: { kind: "logits" } };
  assert.match(probeFault(probe, false, ABILITIES) ?? "", /frame that was admitted .* got 9$/u);
});

const WRONG_VARIATIONS: readonly (readonly [Variation, RegExp])[] = [
  [
    { kind: "fill", window: { top: 0, left: 0, height: 7, width: 1 }, fill: "grey" },
    /window inside 6×8 px/u,
  ],
  [{ kind: "fill", window: { top: 0, left: 0, height: NaN, width: 1 }, fill: "grey" }, /window/u],
  [
    { kind: "fill", window: { top: 0, left: 0, height: 1, width: 1 }, fill: "red" as Fill },
    /fill .* got red$/u,
  ],
  [{ kind: "scale", alpha: 1.1, base: "grey" }, /alpha of 0 to 1, got 1.1$/u],
  [{ kind: "scale", alpha: NaN, base: "grey" }, /alpha .* got NaN$/u],
  [{ kind: "scale", alpha: 1, base: "red" as Fill }, /base .* got red$/u],
  [{ kind: "noise", seed: -1, level: 0.1 }, /seed .* got -1$/u],
  [{ kind: "noise", seed: 2 ** 32, level: 0.1 }, /seed .* got 4294967296$/u],
  [{ kind: "noise", seed: 0.5, level: 0.1 }, /seed .* got 0.5$/u],
  [{ kind: "noise", seed: 1, level: -0.1 }, /level .* got -0.1$/u],
  [{ kind: "noise", seed: 1, level: Infinity }, /level .* got Infinity$/u],
  [mix({ height: 0 }), /1 row and column or more, got 0×2$/u],
  [mix({ width: 1.5 }), /1 row and column or more, got 1×1.5$/u],
  [mix({ width: 3 }), /expected 3 values .* got 2$/u],
  [mix({ values: new Float32Array([0, 1.5]) }), /values of 0 to 1 .* got 1.5$/u],
  [mix({ values: new Float32Array([0, NaN]) }), /values of 0 to 1 .* got NaN$/u],
  [mix({ enlarged: { height: 5, width: 8 } }), /enlarged to 6×8 px or more, got 5×8$/u],
  [mix({ enlarged: { height: 6.5, width: 8 } }), /enlarged/u],
  [mix({ corner: { top: 1, left: 0 } }), /0 px down and 0 px across.*, got 1, 0$/u],
  [mix({ enlarged: { height: 9, width: 9 }, corner: { top: 3, left: 2 } }), /3 px down and 1 px across/u],
  [mix({}, "red" as Fill), /base .* got red$/u],
  [{ kind: "input", values: new Float32Array(143) }, /144 values .* got 143$/u],
  [
    { kind: "input", values: new Float32Array(144).fill(Infinity, 7, 8) },
    /finite, got Infinity$/u,
  ],
];

const WRONG_WANTS: readonly (readonly [Want, RegExp])[] = [
  [{ kind: "projection", top: -1, also: [] }, /top .* got -1$/u],
  [{ kind: "projection", top: 1, also: [1, 4] }, /classes of 0 to 3, got 4$/u],
  [{ kind: "layer", layer: "nowhere", score: null }, /a layer .* got nowhere$/u],
  [{ kind: "layer", layer: "flat", score: LOGIT }, /a layer .* got flat$/u],
  [
    { kind: "layer", layer: "late", score: { kind: "channel", layer: "early", channel: 0 } },
    /feeds early.* got late$/u,
  ],
  [{ kind: "input", score: LOGIT, rule: "other" as "plain" }, /rule .* got other$/u],
  [input({ ...LOGIT, score: "loss" as "logit" }), /score .* got loss$/u],
  [
    input({ kind: "target", target: { kind: "rank", rank: 0 }, score: "logit" }),
    /rank .* 1 to 4, got 0$/u,
  ],
  [
    input({ kind: "target", target: { kind: "class", index: 4 }, score: "logit" }),
    /class .* 0 to 3, got 4$/u,
  ],
  [input({ kind: "channel", layer: "flat", channel: 0 }), /a layer .* got flat$/u],
  [
    input({ kind: "channel", layer: "late", channel: 5 }),
    /channel .* 0 to 4 at layer late, got 5$/u,
  ],
  [input({ kind: "neuron", layer: "late", row: 3, column: 0, channel: 0 }), /row .* 0 to 2 .* got 3$/u],
  [input({ kind: "neuron", layer: "late", row: 0, column: -1, channel: 0 }), /column .* 0 to 3 .* got -1$/u],
  [{ kind: "bias-terms", score: { kind: "channel", layer: "late", channel: 0.5 } }, /channel .* got 0.5$/u],
  [{ kind: "fixations", target: { kind: "class", index: NaN } }, /class .* got NaN$/u],
];

Deno.test("probeFault() refuses a variation with a value out of its range, and names it", () => {
  for (const [variation, wanted] of WRONG_VARIATIONS) assert.match(fault({ variation }) ?? "", wanted);
});

Deno.test("probeFault() refuses a want with a value out of its range, and names it", () => {
  for (const [want, wanted] of WRONG_WANTS) assert.match(fault({ want }) ?? "", wanted);
});

Deno.test("probeFault() refuses what the head of a model does not give", () => {
  const other = { ...ABILITIES, denseLogits: false, model: { ...MODEL, projectionLayer: null } };
  assert.match(fault({ randomHead: 1 }, other) ?? "", /random head needs a dense layer/u);
  assert.match(
    fault({ want: { kind: "projection", top: 1, also: [] } }, other) ?? "",
    /projection needs global average pooling/u,
  );
  for (const seed of [-1, 0.5, NaN, 2 ** 32]) {
    assert.match(fault({ randomHead: seed }) ?? "", new RegExp(`seed .* got ${seed}$`, "u"));
  }
});

Deno.test("probeFault() refuses a gradient at a layer that the logits do not come from", () => {
  const aside = { ...ABILITIES, feeds: () => false };
  assert.match(
    fault({ want: { kind: "layer", layer: "late", score: LOGIT } }, aside) ?? "",
    /feeds the logits/u,
  );
  assert.equal(fault({ want: { kind: "layer", layer: "late", score: null } }, aside), null);
});

function fault(probe: Partial<Probe>, abilities = ABILITIES): string | null {
  return probeFault(
    { frame: 1, variation: { kind: "none" }, want: { kind: "logits" }, ...probe },
    true,
    abilities,
  );
}

function mix(change: Partial<Mask>, base: Fill = "grey"): Variation {
  return { kind: "mix", mask: { ...MASK, ...change }, base };
}

function input(score: Score): Want {
  return { kind: "input", score, rule: "plain" };
}
