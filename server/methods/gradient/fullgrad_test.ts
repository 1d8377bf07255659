import assert from "node:assert/strict";
import {
  answered,
  assertClose,
  classScore,
  course,
  enlarge,
  mapOf,
  NETWORK,
} from "../testing/gradient_cases.ts";
import { fullGrad } from "./fullgrad.ts";
import { layerOf } from "../../engine/testing/small_network.ts";

const { height, width } = NETWORK.model;

/** ψ of a list of numbers. */
function scaled(values: ArrayLike<number>): number[] {
  const sizes = Array.from(values, Math.abs);
  const least = Math.min(...sizes);
  const shifted = sizes.map((size) => size - least);
  const largest = Math.max(...shifted);
  return shifted.map((size) => size / (largest + 1e-6));
}

/** Sums of each place's channels. */
function summed(values: readonly number[], channels: number): number[] {
  return Array.from(
    { length: values.length / channels },
    (_, place) => values.slice(place * channels, (place + 1) * channels).reduce((a, b) => a + b),
  );
}

/** Gradient times bias at each place and channel of the layers, from single neurons' values and gradients. */
function products(): { side: number; channels: number; values: number[] }[] {
  const [earlyBias, featuresBias] = [NETWORK.bias("early"), NETWORK.bias("features")];
  const pass = NETWORK.forward(NETWORK.picture(1));
  const gradientAt = (layer: string) =>
    answered({ kind: "layer", layer, score: classScore(1) }).detail.gradient?.values ?? assert.fail();
  const open = (value: number, ceiling: number) => value > 0 && value < ceiling ? 1 : 0;
  const early = gradientAt("early");
  const features = gradientAt("features");
  return [
    {
      side: 4,
      channels: 4,
      values: Array.from(
        early,
        (gradient, at) =>
          gradient * open(layerOf(pass, "early").before[at] ?? NaN, 6) * (earlyBias[at % 4] ?? NaN),
      ),
    },
    {
      side: 4,
      channels: 4,
      values: Array.from(
        early,
        (gradient, at) => gradient * ((layerOf(pass, "early").before[at] ?? NaN) >= 6 ? 6 : 0),
      ),
    },
    {
      side: 2,
      channels: 6,
      values: Array.from(
        features,
        (gradient, at) =>
          gradient * open(layerOf(pass, "features").before[at] ?? NaN, Infinity) *
          (featuresBias[at % 6] ?? NaN),
      ),
    },
  ];
}

Deno.test("fullgrad equals its definition: the input's term and every bias's, each scaled, enlarged and summed", () => {
  const { detail } = answered({ kind: "input", score: classScore(1), rule: "plain" });
  const frame = NETWORK.picture(1);
  const wanted = summed(scaled(detail.gradient.values.map((value, at) => value * (frame[at] ?? NaN))), 3);
  for (const { side, channels, values } of products()) {
    const term = { height: side, width: side, values: summed(scaled(values), channels) };
    for (const [px, value] of enlarge(term, { height, width }).entries()) {
      wanted[px] = (wanted[px] ?? NaN) + value;
    }
  }
  const map = mapOf(fullGrad);
  assert.deepEqual([map.height, map.width, map.layer, map.classIndex], [height, width, null, 1]);
  assertClose(map.values, wanted, 1e-4);
});

Deno.test("fullgrad is complete for the logit, and reports how far it misses a bias that was forgotten", () => {
  assert.ok((mapOf(fullGrad).completeness ?? NaN) < 1e-4);
  const network = {
    model: NETWORK.model,
    answer(probe: Parameters<typeof NETWORK.answer>[0]) {
      const row = NETWORK.answer(probe);
      if (row.detail?.kind !== "bias-terms") return row;
      return { ...row, detail: { ...row.detail, total: row.detail.total + 0.5 } };
    },
  };
  assert.ok(Math.abs((mapOf(fullGrad, { network }).completeness ?? NaN) - 0.5) < 1e-4);
});

Deno.test("fullgrad asks for one row and follows the rank of that row's own ranking", () => {
  const { kinds, map } = course(fullGrad, { target: { kind: "rank", rank: 1 } });
  assert.deepEqual(kinds, ["frame"]);
  const { row } = answered({ kind: "input", score: classScore(0), rule: "plain" });
  assert.equal(row.logits[map?.classIndex ?? -1], Math.max(...row.logits));
});
