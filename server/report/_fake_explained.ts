/** An explanation made by hand, for tests of what is made out of one. */
import { FakeNetwork } from "../methods/fake_network.ts";
import { cam } from "../methods/cam.ts";
import { gradCam } from "../methods/grad_cam.ts";
import type { Explained } from "./_explained.ts";

/** A grey 4×4 picture with a 2×2 map; signed maps come from CAM, others from Grad-CAM. */
export function fakeExplained(
  values: readonly number[],
  { signed = false, image = "cat.png" } = {},
): Explained {
  const { model } = new FakeNetwork({ width: 4, height: 4 });
  const prediction = (index: number, probability: number) => (
    { index, label: model.labels[index] ?? "", logit: 2 - index, probability }
  );
  return {
    image,
    picture: { width: 4, height: 4, rgb: new Uint8Array(48).fill(100) },
    model,
    request: {
      method: signed ? cam : gradCam,
      target: { kind: "rank", rank: 1 },
      layer: "features",
      options: signed ? {} : { signed: false },
    },
    predictions: [prediction(0, 0.9), prediction(1, 0.1), prediction(2, 0.0001)],
    target: prediction(0, 0.9),
    map: { classIndex: 0, layer: "features", height: 2, width: 2, values: Float32Array.from(values) },
    elapsedMs: 12.34,
  };
}
