import assert from "node:assert/strict";
import type { Detail, Score, Variation, Want } from "../port.ts";
import { layerOf, SmallNetwork } from "./small_network.ts";
import { probabilityOf } from "../../../shared/logits.ts";

const NONE: Variation = { kind: "none" };
const network = new SmallNetwork({ width: 9, height: 7, biases: true });
const CLASS_1 = { kind: "target", target: { kind: "class", index: 1 }, score: "logit" } as const;

function detail<K extends Detail["kind"]>(want: Want & { kind: K }): Extract<Detail, { kind: K }> {
  const found = network.answer({ frame: 1, variation: NONE, want }).detail;
  if (found?.kind === want.kind) return found as Extract<Detail, { kind: K }>;
  return assert.fail();
}

function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, within = 1e-5): void {
  assert.equal(actual.length, wanted.length);
  for (let index = 0; index < wanted.length; index++) {
    assert.ok(
      Math.abs((actual[index] ?? NaN) - (wanted[index] ?? NaN)) < within,
      `${index}: ${actual[index]}`,
    );
  }
}

/** Central differences of a function of the input. */
function differences(value: (input: Float64Array) => number): Float64Array {
  const input = network.picture(1);
  const step = 1e-6;
  return input.map((_, at) => {
    const [above, below] = [step, -step].map((by) =>
      value(input.map((number, index) => index === at ? number + by : number))
    ) as [number, number];
    return (above - below) / (2 * step);
  });
}

Deno.test("SmallNetwork has values of every kind: cut off, in between and saturated", () => {
  const pass = network.forward(network.picture(1));
  const [early, features] = [layerOf(pass, "early"), layerOf(pass, "features")];
  assert.deepEqual(
    [early.after.includes(0), early.after.includes(6), early.after.some((value) => value > 0 && value < 6)],
    [true, true, true],
  );
  assert.ok(features.after.includes(0) && features.after.some((value) => value > 0));
});

Deno.test("SmallNetwork's input gradients are those of finite differences, for each kind of score", () => {
  const scores: readonly [Score, (input: Float64Array) => number][] = [
    [CLASS_1, (input) => network.forward(input).logits[1] ?? NaN],
    [
      { ...CLASS_1, score: "probability" },
      (input) => {
        const exponentials = network.forward(input).logits.map(Math.exp);
        return (exponentials[1] ?? NaN) / exponentials.reduce((a, b) => a + b);
      },
    ],
    [
      { kind: "channel", layer: "features", channel: 2 },
      (input) =>
        layerOf(network.forward(input), "features").after.filter((_, at) => at % 6 === 2).reduce((a, b) =>
          a + b
        ) / 4,
    ],
    [
      { kind: "neuron", layer: "early", row: 2, column: 1, channel: 3 },
      (input) => layerOf(network.forward(input), "early").after[(2 * 4 + 1) * 4 + 3] ?? NaN,
    ],
  ];
  for (const [score, value] of scores) {
    const { gradient, score: named, input } = detail({ kind: "input", score, rule: "plain" });
    close(gradient.values, differences(value), 1e-4);
    close([named], [value(network.picture(1))]);
    close(input.values, network.picture(1));
  }
});

Deno.test("SmallNetwork's rank is the row's own", () => {
  const row = network.answer({
    frame: 1,
    variation: NONE,
    want: { kind: "input", score: { ...CLASS_1, target: { kind: "rank", rank: 1 } }, rule: "plain" },
  });
  assert.ok(row.detail?.kind === "input");
  assert.equal(row.logits[row.detail.classIndex ?? -1], Math.max(...row.logits));
});

Deno.test("SmallNetwork's layer gradients multiply out to the input gradient", () => {
  for (const layer of ["early", "features"]) {
    const { gradient } = detail({ kind: "layer", layer, score: CLASS_1 });
    assert.ok(gradient !== null);
    const summed = new Float64Array(7 * 9 * 3);
    for (const [at, share] of gradient.values.entries()) {
      for (const [px, value] of neuronGradient(layer, at, gradient.width, gradient.channels).entries()) {
        summed[px] = (summed[px] ?? 0) + share * value;
      }
    }
    close(detail({ kind: "input", score: CLASS_1, rule: "plain" }).gradient.values, summed, 1e-4);
  }
});

function neuronGradient(layer: string, at: number, width: number, channels: number): Float32Array {
  const place = Math.floor(at / channels);
  const score = {
    kind: "neuron",
    layer,
    row: Math.floor(place / width),
    column: place % width,
    channel: at % channels,
  } as const;
  return detail({ kind: "input", score, rule: "plain" }).gradient.values;
}

Deno.test("SmallNetwork's guided rule keeps only what is positive in value and gradient, at every ReLU", () => {
  const pass = network.forward(network.picture(1));
  const [early, features] = [layerOf(pass, "early"), layerOf(pass, "features")];
  const open = (gradient: number, value: number, ceiling: number) =>
    gradient > 0 && value > 0 && value < ceiling ? gradient : 0;
  const behind = detail({ kind: "layer", layer: "features", score: CLASS_1 }).gradient?.values ??
    assert.fail();
  const atEarly = new Float64Array(early.after.length);
  for (const [at, gradient] of behind.entries()) {
    const place = Math.floor(at / 6);
    const score = {
      kind: "neuron",
      layer: "features",
      row: place >> 1,
      column: place & 1,
      channel: at % 6,
    } as const;
    const { gradient: own } = detail({ kind: "layer", layer: "early", score });
    const share = open(gradient, features.after[at] ?? 0, Infinity);
    for (const [index, value] of (own?.values ?? assert.fail()).entries()) {
      atEarly[index] = (atEarly[index] ?? 0) + share * value;
    }
  }
  const wanted = new Float64Array(7 * 9 * 3);
  for (const [at, gradient] of atEarly.entries()) {
    const share = open(gradient, early.before[at] ?? 0, 6);
    for (const [px, value] of neuronGradient("early", at, 4, 4).entries()) {
      wanted[px] = (wanted[px] ?? 0) + share * value;
    }
  }
  close(detail({ kind: "input", score: CLASS_1, rule: "guided" }).gradient.values, wanted, 1e-4);
  assert.ok(wanted.some((value) => value !== 0));
});

Deno.test("SmallNetwork's bias terms add up to the score with the input", () => {
  const { terms, total, score, input, gradient } = detail({ kind: "bias-terms", score: CLASS_1 });
  const linear = input.values.reduce((sum, value, at) => sum + value * (gradient.values[at] ?? 0), 0);
  close([linear + total], [score], 1e-4);
  assert.deepEqual(terms.map(({ layer }) => layer), ["early", "early:saturated", "features"]);
  assert.ok(terms.every(({ max }) => max > 0));
});

Deno.test("SmallNetwork's projection has the logit less the bias for its mean", () => {
  const row = network.answer({
    frame: 1,
    variation: NONE,
    want: { kind: "projection", top: 0, also: [0, 1, 2] },
  });
  const { head } = network.forward(network.picture(1));
  for (const [c, logit] of row.logits.entries()) {
    const map = row.projection?.values.subarray(4 * c, 4 * c + 4) ?? assert.fail();
    close([map.reduce((a, b) => a + b, 0) / 4 + (head.bias[c] ?? NaN)], [logit]);
  }
});

Deno.test("SmallNetwork applies each variation as the port defines it", () => {
  const frame = network.picture(1);
  const inputOf = (variation: Variation) => {
    const row = network.answer({
      frame: 1,
      variation,
      want: { kind: "layer", layer: "input", score: null },
    });
    return row.detail?.kind === "layer" ? row.detail.activation.values : assert.fail();
  };
  close(inputOf({ kind: "scale", alpha: 0.25, base: "white" }), frame.map((x) => 1 + 0.25 * (x - 1)));
  close(inputOf({ kind: "scale", alpha: 0, base: "black" }), frame.map(() => -1));
  close(inputOf({ kind: "input", values: Float32Array.from(frame).fill(2) }), frame.map(() => 2));
  const half = { height: 1, width: 1, values: Float32Array.of(0.5) };
  close(inputOf({ kind: "mix", mask: half, base: "grey" }), frame.map((x) => 0.5 * x));
  const noise = (seed: number) =>
    inputOf({ kind: "noise", seed, level: 0.1 }).map((x, at) => x - (frame[at] ?? 0));
  assert.deepEqual(noise(3), noise(3));
  assert.notDeepEqual(noise(3), noise(4));
  const deviation = Math.sqrt(noise(3).reduce((sum, x) => sum + x * x, 0) / frame.length);
  assert.ok(Math.abs(deviation / (0.1 * (Math.max(...frame) - Math.min(...frame))) - 1) < 0.15);
});

Deno.test("SmallNetwork's random head changes the logits and nothing before them", () => {
  const want = { kind: "layer", layer: "features", score: CLASS_1 } as const;
  const [own, other] = [{}, { randomHead: 5 }].map((head) =>
    network.answer({ frame: 1, variation: NONE, want, ...head })
  );
  assert.notDeepEqual(own?.logits, other?.logits);
  assert.ok(own?.detail?.kind === "layer" && other?.detail?.kind === "layer");
  assert.deepEqual(own.detail.activation, other.detail.activation);
  assert.notDeepEqual(own.detail.gradient, other.detail.gradient);
  assert.ok(probabilityOf(own.logits, 0) > 0);
});
