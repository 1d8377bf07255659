import assert from "node:assert/strict";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { featureVisualization } from "../network/feature_visualization.ts";
import { gradCam } from "../cam/grad_cam.ts";
import { occlusion } from "../perturbation/occlusion.ts";
import { optionsOf, resolveOptions } from "./options.ts";

const { model } = new SmallNetwork({ width: 224, height: 160 });

Deno.test("resolveOptions() fills in the defaults and keeps what was given", () => {
  assert.deepEqual(resolveOptions(model, occlusion, { window: 48 }), {
    window: 48,
    stride: 12,
    fill: "grey",
    score: "logit",
    budget: 0,
  });
});

Deno.test("resolveOptions() names option, value and what is wanted", () => {
  const cases = [
    [
      { window: 3 },
      "Cannot set the option 'window': expected a whole number from 4 to 160 px, got 3",
    ],
    [{ window: 161 }, /4 to 160 px, got 161/],
    [{ window: 5.5 }, /4 to 160 px, got 5.5/],
    [{ window: "32" }, /4 to 160 px, got '32'/],
    [
      { fill: "red" },
      "Cannot set the option 'fill': expected grey, black, white, blur, got 'red'",
    ],
    [{ stride: 33 }, /at most the window of 24 px.*, got 33/],
    [
      { toString: 1 },
      /'toString': occlusion takes window, stride, fill, score, budget, got 1/,
    ],
  ] as const;
  for (const [given, message] of cases) {
    assert.throws(() => resolveOptions(model, occlusion, given), { code: "bad-option", message });
  }
  assert.throws(() => resolveOptions(model, gradCam, { signed: "yes" }), { message: /true, false.*'yes'/ });
});

Deno.test("optionsOf() keeps lengths within a small input, defaults included", () => {
  const small = new SmallNetwork({ width: 24, height: 20 });
  const [window] = optionsOf(small.model, occlusion);
  assert.ok(window?.kind === "integer");
  assert.deepEqual([window.max, window.default], [20, 8]);
});

Deno.test("a feature visualisation's jitter follows the input's size", () => {
  for (const [side, jitter] of [[32, 1], [96, 3], [224, 8], [299, 8]] as const) {
    const { model } = new SmallNetwork({ width: side, height: side });
    assert.equal(resolveOptions(model, featureVisualization, {})["jitter"], jitter);
  }
});

Deno.test("occlusion's window and stride follow the input's size", () => {
  // One network for all sizes: its weights, which nothing here looks at, take seconds to make for a large input.
  const { model } = new SmallNetwork({ width: 8, height: 8 });
  const presets = (side: number) => {
    const [window, stride] = optionsOf({ ...model, width: side, height: side }, occlusion);
    return [window?.default, stride?.default];
  };
  assert.deepEqual(presets(8), [4, 2]);
  assert.deepEqual(presets(32), [8, 4]);
  assert.deepEqual(presets(96), [16, 8]);
  assert.deepEqual(presets(150), [24, 12]);
  assert.deepEqual(presets(224), [32, 16]);
  assert.deepEqual(presets(299), [40, 20]);
  for (let side = 8; side < 600; side++) {
    const options = resolveOptions({ ...model, width: side, height: side }, occlusion, {});
    assert.ok(
      Number(options["stride"]) <= Number(options["window"]) && 2 * Number(options["window"]) <= side,
    );
  }
});
