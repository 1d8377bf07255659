import assert from "node:assert/strict";
import type { OptionValues } from "../../shared/protocol.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { offerOf } from "./offer.ts";
import { findMethod, METHODS } from "./registry.ts";
import { sameMapsAt } from "./same_maps.ts";
import { mapOf, NETWORK } from "./testing/gradient_cases.ts";

/** How far two maps of the same size are from each other, each as shares of its own largest value. */
function gap(a: Float32Array, b: Float32Array): number {
  const largest = (values: Float32Array) => values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const [ofA, ofB] = [largest(a), largest(b)];
  assert.ok(ofA > 0 && ofB > 0);
  return largest(a.map((value, at) => value / ofA - (b[at] ?? NaN) / ofB));
}

function computed(method: string, layer: string, index: number, options: OptionValues = {}): Float32Array {
  return mapOf(findMethod(method), { layer, target: { kind: "class", index }, options }).values;
}

Deno.test("V5: methods of sameMapsAt() compute the same map before pooling and one dense layer, and differ elsewhere", () => {
  const same = sameMapsAt(NETWORK.model, "features") ?? assert.fail("no methods are named");
  assert.equal(sameMapsAt(NETWORK.model, "early"), null);
  const [first = "", ...others] = same.methods;
  for (const index of [0, 1, 2]) {
    for (const other of others) {
      for (const score of ["logit", "probability"]) {
        const options = { score, signed: true };
        const of = (layer: string, id: string) => computed(id, layer, index, options);
        assert.ok(gap(of("features", first), of("features", other)) < 1e-5, `${other}, class ${index}`);
        assert.ok(gap(of("early", first), of("early", other)) > 1e-2, `${other}, class ${index}, early`);
      }
    }
    for (const signed of same.signed) {
      const whole = computed(first, "features", index, { signed: true });
      assert.ok(gap(whole, computed(signed, "features", index)) < 1e-5, `${signed}, class ${index}`);
    }
  }
});

Deno.test("sameMapsAt() leaves out the methods of a layer that compute another map there", () => {
  const { layer, methods, signed } = sameMapsAt(NETWORK.model, "features") ??
    assert.fail("no methods are named");
  const whole = computed(methods[0] ?? "", layer, 1, { signed: true });
  const others = METHODS.filter(({ id, family, layers, options }) =>
    family === "layer" && layers(NETWORK.model).includes(layer) && ![...methods, ...signed].includes(id) &&
    options.some(({ name }) => name === "signed")
  );
  assert.deepEqual(
    others.map(({ id }) => id),
    ["grad-cam-gated", "grad-cam++", "layercam", "eigen-cam", "finer-cam", "score-cam"],
  );
  for (const { id } of others) {
    assert.ok(gap(whole, computed(id, layer, 1, { signed: true })) > 1e-2, id);
  }
});

Deno.test("V5: what is offered for a model with another head names no same maps", () => {
  assert.deepEqual(offerOf(NETWORK.model).sameMaps.map(({ layer }) => layer), ["features"]);
  const { model } = new SmallNetwork({ width: 9, height: 7, projection: null });
  assert.ok(offerOf(model).layers.length > 0);
  assert.deepEqual(offerOf(model).sameMaps, []);
});

Deno.test("METHODS that take more than a few forward passes let their map grow", () => {
  for (const { id, cost, progressive } of METHODS) assert.equal(cost > 4, progressive, id);
});
