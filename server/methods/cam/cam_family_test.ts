import assert from "node:assert/strict";
import type { Volume } from "../../engine/port.ts";
import { answered, assertClose, at, classScore, course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { gradCam } from "./grad_cam.ts";
import { gradCamGated } from "./grad_cam_gated.ts";
import { gradCamPlusPlus } from "./grad_cam_plus_plus.ts";
import { hiresCam } from "./hirescam.ts";
import { layerCam } from "./layercam.ts";
import type { Method } from "../method.ts";
import { xgradCam } from "./xgrad_cam.ts";

const LAYERS = ["early", "features"];

/** Σ over the positions of a channel. */
function overPlaces({ height, width }: Volume, term: (row: number, column: number) => number): number {
  let sum = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) sum += term(row, column);
  }
  return sum;
}

/** Σ_k weight(k)·A_k at one place. */
function weighted(a: Volume, row: number, column: number, weight: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < a.channels; k++) sum += weight(k) * at(a, row, column, k);
  return sum;
}

/** The definitions at one place, before the final ReLU. */
const DEFINITIONS: readonly [Method, (a: Volume, g: Volume, row: number, column: number) => number][] = [
  [gradCam, (a, g, row, column) =>
    weighted(
      a,
      row,
      column,
      (k) => overPlaces(a, (i, j) => at(g, i, j, k)) / (a.height * a.width),
    )],
  [gradCamGated, (a, g, row, column) =>
    weighted(
      a,
      row,
      column,
      (k) =>
        overPlaces(a, (i, j) => at(a, i, j, k) > 0 && at(g, i, j, k) > 0 ? at(g, i, j, k) : 0) /
        (a.height * a.width),
    )],
  [gradCamPlusPlus, (a, g, row, column) =>
    weighted(a, row, column, (k) => {
      const total = overPlaces(a, (i, j) => at(a, i, j, k));
      return overPlaces(a, (i, j) => {
        const gradient = at(g, i, j, k);
        if (gradient === 0) return 0;
        const alpha = gradient ** 2 / (2 * gradient ** 2 + total * gradient ** 3 + 1e-6);
        return Math.max(0, gradient) * alpha;
      });
    })],
  [
    xgradCam,
    (a, g, row, column) =>
      weighted(a, row, column, (k) =>
        overPlaces(a, (i, j) => at(g, i, j, k) * at(a, i, j, k)) /
        (overPlaces(a, (i, j) => at(a, i, j, k)) + 1e-7)),
  ],
  [hiresCam, (a, g, row, column) => weighted(a, row, column, (k) => at(g, row, column, k))],
  [layerCam, (a, g, row, column) => weighted(a, row, column, (k) => Math.max(0, at(g, row, column, k)))],
];

for (const [method, definition] of DEFINITIONS) {
  Deno.test(`${method.id} equals its definition, at both layers, for each class, score and sign`, () => {
    const seen = { negative: false, positive: false };
    for (const layer of LAYERS) {
      for (const index of [0, 1, 2]) {
        for (const score of ["logit", "probability"] as const) {
          const { detail } = answered({ kind: "layer", layer, score: classScore(index, score) });
          const { activation, gradient } = detail;
          const wanted = Array.from(
            { length: activation.height * activation.width },
            (_, place) =>
              definition(
                activation,
                gradient ?? assert.fail("no gradient"),
                Math.floor(place / activation.width),
                place % activation.width,
              ),
          );
          seen.negative ||= wanted.some((value) => value < 0);
          seen.positive ||= wanted.some((value) => value > 0);
          for (const signed of [false, true]) {
            const map = mapOf(method, {
              layer,
              target: { kind: "class", index },
              options: { score, signed },
            });
            assert.deepEqual(
              [map.classIndex, map.layer, map.height, map.width],
              [index, layer, activation.height, activation.width],
            );
            assertClose(map.values, signed ? wanted : wanted.map((value) => Math.max(0, value)));
          }
        }
      }
    }
    assert.ok(seen.positive);
    if (method !== layerCam && method !== gradCamGated && method !== gradCamPlusPlus) {
      assert.ok(seen.negative);
    }
  });

  Deno.test(`${method.id} asks for one row and follows the rank of that row's own ranking`, () => {
    const { kinds, map, tiles } = course(method, { layer: "early", target: { kind: "rank", rank: 2 } });
    assert.deepEqual([kinds, tiles], [["frame"], []]);
    const { row } = answered({ kind: "layer", layer: "early", score: null });
    assert.equal(row.logits[map?.classIndex ?? -1], row.logits.toSorted()[1]);
  });

  Deno.test(`${method.id} offers every spatial layer, the default one first`, () => {
    assert.deepEqual(method.layers(NETWORK.model), ["features", "early"]);
    const { model } = new SmallNetwork({ width: 4, height: 4, projection: null });
    assert.deepEqual(method.layers(model), ["features", "early"]);
  });
}

Deno.test("grad-cam has a closed form for the logit at the projection layer, and only there", () => {
  const wants = (asked: { layer: string; score: string; projection?: null }) => {
    const network = new SmallNetwork({ width: 9, height: 7, ...(asked.projection === null ? asked : {}) });
    const attribution = gradCam.attribute({
      frame: 1,
      model: network.model,
      target: { kind: "class", index: 0 },
      layer: asked.layer,
      options: { score: asked.score },
      carry: new Map(),
      still: true,
    });
    const { value } = attribution.next([]);
    return "kind" in value && value.kind === "probes" ? value.probes.map(({ want }) => want.kind) : [];
  };
  assert.deepEqual(wants({ layer: "features", score: "logit" }), ["projection"]);
  assert.deepEqual(wants({ layer: "early", score: "logit" }), ["layer"]);
  assert.deepEqual(wants({ layer: "features", score: "probability" }), ["layer"]);
  assert.deepEqual(wants({ layer: "features", score: "logit", projection: null }), ["layer"]);
});

Deno.test("grad-cam's closed form is the map that the backward pass gives", () => {
  const other = new SmallNetwork({ width: 9, height: 7, biases: true, projection: null });
  for (const signed of [false, true]) {
    const [closed, back] = [NETWORK, other].map((network) =>
      mapOf(gradCam, { network, options: { signed } })
    );
    assertClose(closed?.values ?? [], back?.values ?? assert.fail("no map"));
  }
});

Deno.test("grad-cam++ refuses a layer with negative values and names it", () => {
  const network = {
    model: NETWORK.model,
    answer(probe: Parameters<SmallNetwork["answer"]>[0]) {
      const row = NETWORK.answer(probe);
      if (row.detail?.kind === "layer") row.detail.activation.values[3] = -0.25;
      return row;
    },
  };
  assert.throws(() => course(gradCamPlusPlus, { network, layer: "early" }), {
    code: "unknown-layer",
    message: /^Cannot explain with grad-cam\+\+: .*ReLU, got 'early' with -0\.250$/,
  });
  assert.doesNotThrow(() => course(xgradCam, { network, layer: "early" }));
});

Deno.test("xgrad-cam and grad-cam++ stay finite where a channel is silent", () => {
  const network = {
    model: NETWORK.model,
    answer(probe: Parameters<SmallNetwork["answer"]>[0]) {
      const row = NETWORK.answer(probe);
      if (row.detail?.kind === "layer") row.detail.activation.values.fill(0);
      return row;
    },
  };
  for (const method of [xgradCam, gradCamPlusPlus]) {
    assert.ok(mapOf(method, { network, layer: "early" }).values.every((value) => value === 0));
  }
});
