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
import { gradCam } from "../cam/grad_cam.ts";
import { gradientXInput } from "./gradient_x_input.ts";
import { guidedBackprop } from "./guided_backprop.ts";
import { guidedGradCam } from "./guided_grad_cam.ts";
import { probabilityOf } from "../ranking.ts";
import { saliency } from "./saliency.ts";

const { height, width } = NETWORK.model;
const RGB = [0, 1, 2];

/** ∂(score of class 1)/∂x by central differences, `[height, width, 3]`. */
function slopes(score: "logit" | "probability"): Float64Array {
  const frame = NETWORK.picture(1);
  const scoreOf = (input: Float64Array) => {
    const { logits } = NETWORK.forward(input);
    const exponentials = logits.map(Math.exp);
    return score === "logit"
      ? logits[1] ?? NaN
      : (exponentials[1] ?? NaN) / exponentials.reduce((a, b) => a + b);
  };
  const step = 1e-6;
  return frame.map((_, changed) => {
    const moved = (by: number) => scoreOf(frame.map((value, at) => at === changed ? value + by : value));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

/** One number for each pixel from its three. */
function perPx(value: (px: number) => number): number[] {
  return Array.from({ length: height * width }, (_, px) => value(px));
}

for (const score of ["logit", "probability"] as const) {
  Deno.test(`saliency equals the largest or the summed slope of the ${score} over the colours`, () => {
    const slope = slopes(score);
    const sizes = (px: number) => RGB.map((k) => Math.abs(slope[px * 3 + k] ?? NaN));
    const largest = perPx((px) => Math.max(...sizes(px)));
    const summed = perPx((px) => sizes(px).reduce((a, b) => a + b));
    assertClose(mapOf(saliency, { options: { score } }).values, largest, 1e-4);
    assertClose(mapOf(saliency, { options: { score, channels: "sum" } }).values, summed, 1e-4);
    assert.ok(Math.max(...largest) > 0.01);
  });

  Deno.test(`gradient-x-input equals slope times value of the ${score}, summed over the colours`, () => {
    const slope = slopes(score);
    const frame = NETWORK.picture(1);
    const wanted = perPx((px) =>
      RGB.reduce((sum, k) => sum + (slope[px * 3 + k] ?? NaN) * (frame[px * 3 + k] ?? NaN), 0)
    );
    assertClose(mapOf(gradientXInput, { options: { score } }).values, wanted, 1e-4);
    assert.ok(wanted.some((value) => value < -0.01) && wanted.some((value) => value > 0.01));
  });
}

Deno.test("guided-backprop equals the largest guided gradient over the colours, and not the plain one", () => {
  const { detail } = answered({ kind: "input", score: classScore(1), rule: "guided" });
  const wanted = perPx((px) =>
    Math.max(...RGB.map((k) => Math.abs(detail.gradient.values[px * 3 + k] ?? NaN)))
  );
  assertClose(mapOf(guidedBackprop).values, wanted);
  assert.notDeepEqual(mapOf(guidedBackprop).values, mapOf(saliency).values);
});

for (const layer of ["early", "features"]) {
  Deno.test(`guided-grad-cam equals guided-backprop times the enlarged Grad-CAM at ${layer}`, () => {
    let largest = 0;
    for (const index of [0, 1, 2]) {
      for (const score of ["logit", "probability"]) {
        const asked = { target: { kind: "class", index }, options: { score } } as const;
        const share = enlarge(mapOf(gradCam, { ...asked, layer }), NETWORK.model);
        const fine = mapOf(guidedBackprop, asked);
        const map = mapOf(guidedGradCam, { ...asked, layer });
        assert.deepEqual([map.height, map.width, map.layer, map.classIndex], [height, width, layer, index]);
        assertClose(map.values, perPx((px) => (share[px] ?? NaN) * (fine.values[px] ?? NaN)));
        largest = Math.max(largest, ...map.values);
      }
    }
    assert.ok(largest > 0.01);
  });
}

Deno.test("guided-grad-cam asks for one row for each half", () => {
  assert.deepEqual(course(guidedGradCam).kinds, ["frame", "frame"]);
});

for (const method of [saliency, gradientXInput, guidedBackprop]) {
  Deno.test(`${method.id} asks for one row and follows the rank of that row's own ranking`, () => {
    const { kinds, map, tiles } = course(method, { target: { kind: "rank", rank: 3 } });
    assert.deepEqual([kinds, tiles], [["frame"], []]);
    assert.deepEqual([map?.height, map?.width, map?.layer], [height, width, null]);
    const { row } = answered({ kind: "input", score: classScore(0), rule: "plain" });
    assert.equal(row.logits[map?.classIndex ?? -1], Math.min(...row.logits));
    assert.ok(probabilityOf(row.logits, map?.classIndex ?? -1) < 1 / 3);
  });

  Deno.test(`${method.id} needs no layer`, () => assert.deepEqual(method.layers(NETWORK.model), []));
}
