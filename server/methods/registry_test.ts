import assert from "node:assert/strict";
import * as v from "valibot";
import { MethodInfoSchema } from "../../shared/protocol.ts";
import { FakeNetwork } from "./fake_network.ts";
import { methodInfo } from "./options.ts";
import { findMethod, METHODS, resolveRequest } from "./registry.ts";

const { model } = new FakeNetwork({ width: 224, height: 160 });
const VIEW = { method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} } as const;

Deno.test("findMethod() names the methods that there are", () => {
  assert.equal(findMethod("occlusion").id, "occlusion");
  assert.throws(() => findMethod("gradcam"), {
    code: "unknown-method",
    message: "Cannot choose the method as there are grad-cam, cam, occlusion: current value is 'gradcam'",
  });
});

Deno.test("METHODS have unique ids and describe themselves as the wire wants it", () => {
  assert.equal(new Set(METHODS.map(({ id }) => id)).size, METHODS.length);
  for (const method of METHODS) v.parse(MethodInfoSchema, methodInfo(model, method));
});

Deno.test("resolveRequest() looks up the label and fills in layer and options", () => {
  const request = resolveRequest(model, { ...VIEW, target: { kind: "label", label: "Number 2" } });
  assert.deepEqual(request.target, { kind: "class", index: 2 });
  assert.equal(request.layer, "features");
  assert.deepEqual(request.options, { signed: false });
});

Deno.test("resolveRequest() resolves what it resolved to itself, for every method", () => {
  for (const { id } of METHODS) {
    const first = resolveRequest(model, { ...VIEW, method: id });
    assert.deepEqual(resolveRequest(model, { ...first, method: first.method.id }), first);
  }
});

Deno.test("V3: resolveRequest() refuses unknown methods, classes, layers and options, each with its code", () => {
  const cases = [
    ["unknown-method", { method: "x" }, /grad-cam, cam, occlusion.*'x'/],
    [
      "unknown-class",
      { target: { kind: "label", label: "clas" } },
      /no label is 'clas': did you mean 'class 0'/,
    ],
    ["unknown-class", { target: { kind: "class", index: 3 } }, /0 to 2: current value is 3/],
    ["unknown-class", { target: { kind: "rank", rank: 4 } }, /3 classes: current value is 4/],
    ["unknown-layer", { layer: "early" }, /backward pass.*features.*'early'/],
    ["unknown-layer", { layer: "nowhere" }, /takes features: current value is 'nowhere'/],
    ["unknown-layer", { method: "occlusion", layer: "early" }, /whole network.*'early'/],
    ["bad-option", { options: { window: 32 } }, /'window' as grad-cam takes signed: current value is 32/],
    ["bad-option", { method: "cam", options: { x: "y" } }, /takes no options: current value is 'y'/],
  ] as const;
  for (const [code, change, message] of cases) {
    assert.throws(() => resolveRequest(model, { ...VIEW, ...change }), { code, message });
  }
});
