import assert from "node:assert/strict";
import * as v from "valibot";
import { MethodInfoSchema } from "../../shared/protocol.ts";
import { START_METHODS } from "../../shared/start_methods.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { methodInfo } from "./options/options.ts";
import { findMethod, METHODS, resolveRequest } from "./registry.ts";

const { model } = new SmallNetwork({ width: 224, height: 160 });
const VIEW = { method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} } as const;

Deno.test("findMethod() names the methods that there are", () => {
  assert.equal(findMethod("occlusion").id, "occlusion");
  assert.throws(() => findMethod("gradcam"), {
    code: "unknown-method",
    message:
      /^Cannot choose the method: expected one of grad-cam, cam, .*occlusion.*, got 'gradcam'; did you mean grad-cam\?$/,
  });
});

Deno.test("METHODS have unique ids and describe themselves as the wire wants it", () => {
  assert.equal(new Set(METHODS.map(({ id }) => id)).size, METHODS.length);
  for (const method of METHODS) v.parse(MethodInfoSchema, methodInfo(model, method));
});

Deno.test("T2: METHODS state a unit, one that follows the score where it can be chosen and is part of it", () => {
  for (const { id, values: { unit, meaning }, options } of METHODS) {
    assert.ok(unit.logit !== "" && unit.probability !== "" && meaning !== "", id);
    const hasScore = options.some(({ name }) => name === "score");
    if (hasScore) assert.equal(unit.probability, unit.logit.replaceAll("logits", "probability"), id);
  }
  const arbitrary = METHODS.filter(({ values }) => values.zero === "arbitrary").map(({ id }) => id);
  assert.deepEqual(arbitrary, ["fullgrad", "rise"]);
});

Deno.test("T8: METHODS that have more of something to draw say what it is", () => {
  const drawn = METHODS.flatMap(({ id, sampling }) => sampling === null ? [] : [`${id}: ${sampling.many}`]);
  assert.deepEqual(drawn, [
    "smoothgrad: samples",
    "integrated-gradients: steps",
    "occlusion: windows",
    "score-cam: channels",
    "rise: masks",
    "feature-visualization: steps",
  ]);
});

Deno.test("METHODS that share an option's name share its kind: one flag stands for all of them", () => {
  const known = new Map<string, string>();
  for (const { id, options } of METHODS) {
    for (const spec of options) {
      assert.equal(known.get(spec.name) ?? spec.kind, spec.kind, `--${spec.name} of ${id}`);
      known.set(spec.name, spec.kind);
    }
  }
});

Deno.test("METHODS begin with Grad-CAM, then come the other maps of layers, gradients and perturbations", () => {
  const positions = ["grad-cam", "layercam", "saliency", "occlusion"].map((id) =>
    METHODS.findIndex((method) => method.id === id)
  );
  assert.deepEqual(positions, positions.toSorted((a, b) => a - b));
  assert.equal(positions[0], 0);
});

Deno.test("resolveRequest() takes any spatial layer, the default one unless another is asked for", () => {
  assert.equal(resolveRequest(model, { ...VIEW, layer: "early" }).layer, "early");
  assert.equal(resolveRequest({ ...model, defaultLayer: "early" }, VIEW).layer, "early");
  assert.equal(resolveRequest({ ...model, defaultLayer: "logits" }, VIEW).layer, "features");
});

Deno.test("resolveRequest() names layers that come near where there are many", () => {
  const layers = Array.from({ length: 40 }, (_, index) => ({
    name: `block${index}_add`,
    kind: "Add",
    shape: [4, 4, 8],
    inputs: [],
  }));
  assert.throws(() => resolveRequest({ ...model, layers }, { ...VIEW, layer: "block7_ad" }), {
    code: "unknown-layer",
    message: /takes one of 40 layers such as .*, got 'block7_ad'; did you mean block7_add, .*\?$/,
  });
});

Deno.test("resolveRequest() refuses a model whose layers have no spatial layout, where one is needed", () => {
  const flat = {
    ...model,
    layers: model.layers.filter(({ shape }) => shape.length === 1),
    projectionLayer: null,
  };
  for (const { id, layers } of METHODS.filter((method) => method.layers(model).includes("early"))) {
    assert.deepEqual(layers(flat), []);
    // A class can be raised without a layer, a channel cannot.
    const options = id === "feature-visualization" ? { of: "channel" } : {};
    assert.throws(
      () => resolveRequest(flat, { ...VIEW, method: id, options }),
      { code: "unknown-layer" },
      id,
    );
  }
});

Deno.test("resolveRequest() looks up the label and fills in layer and options", () => {
  const request = resolveRequest(model, { ...VIEW, target: { kind: "label", label: "Number 2" } });
  assert.deepEqual(request.target, { kind: "class", index: 2 });
  assert.equal(request.layer, "features");
  assert.deepEqual(request.options, { signed: false, score: "logit" });
});

Deno.test("resolveRequest() resolves what it resolved to itself, for every method", () => {
  for (const { id } of METHODS) {
    const first = resolveRequest(model, { ...VIEW, method: id });
    assert.deepEqual(resolveRequest(model, { ...first, method: first.method.id }), first);
  }
});

Deno.test("V3: resolveRequest() refuses unknown methods, classes, layers and options, each with its code", () => {
  const cases = [
    ["unknown-method", { method: "x" }, /grad-cam, cam, .*occlusion.*'x'/],
    [
      "unknown-class",
      { target: { kind: "label", label: "clas" } },
      /no label is 'clas'; did you mean '0:class 0'/,
    ],
    ["unknown-class", { target: { kind: "class", index: 3 } }, /from 0 to 2, got 3/],
    ["unknown-class", { target: { kind: "rank", rank: 4 } }, /3 classes, got 4/],
    ["unknown-layer", { method: "cam", layer: "early" }, /takes features, got 'early'/],
    ["unknown-layer", { layer: "nowhere" }, /takes features, early, got 'nowhere'/],
    ["unknown-layer", { layer: "logits" }, /takes features, early, got 'logits'/],
    ["unknown-layer", { layer: "input" }, /takes features, early, got 'input'/],
    ["unknown-layer", { method: "occlusion", layer: "early" }, /whole network.*'early'/],
    [
      "bad-option",
      { options: { window: 32 } },
      /'window': grad-cam takes signed, score, got 32/,
    ],
    ["bad-option", { method: "cam", options: { x: "y" } }, /takes no options, got 'y'/],
  ] as const;
  for (const [code, change, message] of cases) {
    assert.throws(() => resolveRequest(model, { ...VIEW, ...change }), { code, message });
  }
});

Deno.test("METHODS have those to begin with, one of each family that explains a class", () => {
  const families = START_METHODS.map((id) => findMethod(id).family);
  assert.deepEqual(families, ["layer", "outside", "gradient"]);
});
