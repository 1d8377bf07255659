import assert from "node:assert/strict";
import type { Volume } from "../../engine/port.ts";
import { answered, assertClose, at, course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { activations } from "./activations.ts";
import type { SmallNetwork } from "../../engine/testing/small_network.ts";
import { resolveRequest } from "../registry.ts";

/** A network whose layer `features` is as it is given. */
function withLayer(activation: Volume) {
  const { height, width, channels } = activation;
  const model = {
    ...NETWORK.model,
    layers: [{ name: "features", kind: "ReLU", shape: [height, width, channels], inputs: [] }],
  };
  return {
    model,
    answer: (probe: Parameters<SmallNetwork["answer"]>[0]) => {
      const row = NETWORK.answer(probe);
      assert.ok(row.detail?.kind === "layer");
      return { ...row, detail: { ...row.detail, activation } };
    },
  };
}

/** Channel k holds k and k + 2 in turn, but for every fifth one, which is flat. */
function wide(channels: number): Volume {
  const values = Float32Array.from({ length: 4 * channels }, (_, index) => {
    const [place, k] = [Math.floor(index / channels), index % channels];
    return k % 5 === 0 ? k : k + 2 * (place % 2);
  });
  return { height: 2, width: 2, channels, values };
}

Deno.test("activations lays one scaled tile for each channel, 16 in a row", () => {
  const { detail: { activation } } = answered({ kind: "layer", layer: "early", score: null });
  const map = mapOf(activations, { layer: "early" });
  assert.deepEqual([map.height, map.width, map.layer], [4, 64, "early"]);
  const wanted = Array.from({ length: 4 * 64 }, (_, place) => {
    const [row, column] = [Math.floor(place / 64), place % 64];
    const k = Math.floor(column / 4);
    if (k >= 4) return 0;
    const plane = Array.from({ length: 16 }, (_, cell) => at(activation, Math.floor(cell / 4), cell % 4, k));
    const mean = plane.reduce((a, b) => a + b) / 16;
    const deviation = Math.sqrt(plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 16);
    const scaled = (at(activation, row, column % 4, k) - mean) / deviation * 64 + 128;
    return Math.min(255, Math.max(0, scaled));
  });
  assertClose(map.values, wanted, 1e-3);
});

Deno.test("activations shows a channel that is the same everywhere as a flat tile, never as NaN", () => {
  const { values } = mapOf(activations, { network: withLayer(wide(16)) });
  assert.ok(values.every(Number.isFinite));
  for (const k of [0, 5, 10, 15]) assert.equal(values[2 * k], 128);
  assert.deepEqual([values[2], values[3]], [64, 192]);
});

Deno.test("activations clips what lies more than two standard deviations from the mean", () => {
  const values = Float32Array.from({ length: 64 }, (_, place) => place === 3 ? 100 : place === 4 ? -100 : 0);
  const map = mapOf(activations, { network: withLayer({ height: 8, width: 8, channels: 1, values }) });
  assert.deepEqual([map.values[3], map.values[4], map.values[5]], [255, 0, 128]);
});

Deno.test("activations of a wide layer come in pages of 256 channels", () => {
  const network = withLayer(wide(300));
  const [first, second] = [1, 2].map((page) => mapOf(activations, { network, options: { page } }));
  assert.deepEqual([first?.height, first?.width], [32, 32]);
  assert.deepEqual([second?.height, second?.width], [6, 32]);
  // Channel 260 is flat, and is the fifth of the second page.
  assert.deepEqual([second?.values[2 * 4], second?.values[2 * 4 + 1]], [128, 128]);
  assert.deepEqual([second?.values[2 * 3], second?.values[2 * 3 + 1]], [64, 192]);
});

Deno.test("activations refuses a page beyond the layer's last one", () => {
  const network = withLayer(wide(300));
  const view = { method: "activations", target: { kind: "rank", rank: 1 } } as const;
  assert.throws(() => resolveRequest(network.model, { ...view, options: { page: 3 } }), {
    code: "bad-option",
    message: "Cannot set the option 'page': the widest layer has 300 channels, that is 2 pages, got 3",
  });
  const narrow = { ...network, model: network.model, answer: withLayer(wide(20)).answer };
  assert.throws(() => mapOf(activations, { options: { page: 2 }, network: narrow }), {
    code: "bad-option",
    message: /features has 20 channels, that is 1 page, got 2/,
  });
});

Deno.test("activations are the same for every class, in one row without a gradient", () => {
  const [one, two] = [1, 2].map((index) => course(activations, { target: { kind: "class", index } }));
  assert.deepEqual(one?.kinds, ["frame"]);
  assert.deepEqual(one?.map?.values, two?.map?.values);
  assert.deepEqual([one?.map?.classIndex, two?.map?.classIndex], [1, 2]);
});
