import assert from "node:assert/strict";
import type { OptionValues } from "../../../shared/protocol.ts";
import type { Volume } from "../../engine/port.ts";
import { answered, assertClose, at, course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { probabilityOf } from "../ranking.ts";
import { resolveRequest } from "../registry.ts";
import { scoreCam } from "./score_cam.ts";

interface Wanted {
  readonly layer: "early" | "features";
  readonly channels: number;
  readonly classIndex?: number;
  readonly score?: "logit" | "probability";
}

/** The positions of a channel, row by row. */
function placesOf(activation: Volume, k: number): number[] {
  return Array.from(
    { length: activation.height * activation.width },
    (_, place) => at(activation, Math.floor(place / activation.width), place % activation.width, k),
  );
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return values.reduce((sum, value) => sum + value * value, 0) / values.length - mean * mean;
}

/** The definition, before its ReLU. */
function byDefinition({ layer, channels, classIndex = 1, score = "logit" }: Wanted): number[] {
  const { detail: { activation } } = answered({ kind: "layer", layer, score: null });
  const planes = Array.from({ length: activation.channels }, (_, k) => placesOf(activation, k))
    .sort((a, b) => varianceOf(b) - varianceOf(a))
    .slice(0, channels);
  const scores = planes.map((plane) => {
    const [min, max] = [Math.min(...plane), Math.max(...plane)];
    const values = Float32Array.from(plane, (value) => (value - min) / (max - min + 1e-8));
    const { logits } = NETWORK.answer({
      frame: 1,
      variation: { kind: "mix", mask: { ...activation, values }, base: "grey" },
      want: { kind: "logits" },
    });
    return score === "logit" ? logits[classIndex] ?? NaN : probabilityOf(logits, classIndex);
  });
  const powers = scores.map(Math.exp);
  const total = powers.reduce((a, b) => a + b);
  return Array.from(
    { length: activation.height * activation.width },
    (_, place) =>
      planes.reduce((sum, plane, k) => sum + (powers[k] ?? NaN) / total * (plane[place] ?? NaN), 0),
  );
}

for (const layer of ["early", "features"] as const) {
  for (const channels of [1, 3, 100]) {
    Deno.test(`score-cam of ${channels} channels of ${layer} equals the definition`, () => {
      const wanted = byDefinition({ layer, channels });
      assertClose(
        mapOf(scoreCam, { layer, options: { "top-channels": channels, signed: true } }).values,
        wanted,
        1e-4,
      );
      const clipped = wanted.map((value) => Math.max(0, value));
      assertClose(mapOf(scoreCam, { layer, options: { "top-channels": channels } }).values, clipped, 1e-4);
    });
  }
}

Deno.test("score-cam with the score probability weighs channels by the probability", () => {
  const options: OptionValues = { "top-channels": 4, score: "probability" };
  assertClose(
    mapOf(scoreCam, { layer: "features", options }).values,
    byDefinition({ layer: "features", channels: 4, score: "probability" }),
    1e-4,
  );
});

Deno.test("score-cam tries each channel once, by default all that the layer has, and masks to grey", () => {
  const { groups } = course(scoreCam, { layer: "features" });
  const probes = groups.flat();
  assert.equal(probes.length, 6);
  for (const { variation, want } of probes) {
    assert.ok(variation.kind === "mix");
    assert.deepEqual([variation.base, want.kind, variation.mask.height], ["grey", "logits", 2]);
    assert.ok(variation.mask.values.every((value) => value >= 0 && value <= 1));
  }
  const { detail: { activation } } = answered({ kind: "layer", layer: "features", score: null });
  const wanted = Array.from({ length: 6 }, (_, k) => {
    const plane = placesOf(activation, k);
    const [min, max] = [Math.min(...plane), Math.max(...plane)];
    return Float32Array.from(plane, (value) => (value - min) / (max - min + 1e-8)).join();
  });
  const masks = probes.map(({ variation }) => variation.kind === "mix" ? variation.mask.values.join() : "");
  assert.deepEqual(masks.toSorted(), wanted.toSorted());
});

Deno.test("score-cam asks for no gradient", () => {
  const { kinds } = course(scoreCam);
  assert.equal(kinds[0], "frame");
  const first = scoreCam.first?.({
    frame: 1,
    model: NETWORK.model,
    target: { kind: "rank", rank: 1 },
    layer: "early",
    options: {},
    carry: new Map(),
    still: true,
  });
  assert.deepEqual(first?.want, { kind: "layer", layer: "early", score: null });
});

Deno.test("score-cam shows the map of the channels so far, with rising progress", () => {
  const { tiles, groups, map } = course(scoreCam, { layer: "features", still: false });
  assert.deepEqual(groups.map((group) => group.length), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(tiles.map(({ progress }) => progress), [1, 2, 3, 4, 5].map((count) => count / 6));
  for (const [index, tile] of tiles.entries()) {
    const wanted = mapOf(scoreCam, { layer: "features", options: { "top-channels": index + 1 } });
    assert.deepEqual(tile.values, wanted.values);
    assert.deepEqual([tile.mapHeight, tile.mapWidth, tile.rows, tile.columns], [2, 2, 2, 2]);
  }
  assert.deepEqual(map, mapOf(scoreCam, { layer: "features" }));
});

Deno.test("score-cam can be ended early", () => {
  assert.equal(course(scoreCam, { still: false, maxGroups: 2 }).map, null);
});

Deno.test("score-cam of a layer of one value everywhere stays finite", () => {
  const flat = {
    model: NETWORK.model,
    answer: (probe: Parameters<SmallNetwork["answer"]>[0]) => {
      const row = NETWORK.answer(probe);
      if (row.detail?.kind !== "layer") return row;
      const { activation } = row.detail;
      const values = new Float32Array(activation.values.length).fill(2);
      return { ...row, detail: { ...row.detail, activation: { ...activation, values } } };
    },
  };
  assertClose(mapOf(scoreCam, { network: flat, layer: "features" }).values, [2, 2, 2, 2]);
});

Deno.test("score-cam refuses a model whose layers have no spatial layout, and no channel at all", () => {
  const model = { ...NETWORK.model, layers: [{ name: "logits", kind: "Dense", shape: [3], inputs: [] }] };
  const view = { method: "score-cam", target: { kind: "rank", rank: 1 }, options: {} } as const;
  assert.throws(() => resolveRequest(model, view), {
    code: "unknown-layer",
    message: /score-cam: it needs a layer/,
  });
  assert.throws(() => resolveRequest(NETWORK.model, { ...view, options: { "top-channels": 0 } }), {
    code: "bad-option",
    message: /from 1 to 65536, got 0/,
  });
});
