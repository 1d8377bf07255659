import assert from "node:assert/strict";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import type { LoadedModel } from "../engine/port.ts";
import type { Target, View } from "../../shared/protocol.ts";
import { resolveAcross } from "./across_models.ts";

const BASE = new SmallNetwork({ wiring: "linear" }).model;

function modelOf(id: string, labels: readonly string[], layers = BASE.layers): LoadedModel {
  return { ...BASE, id, name: id.toUpperCase(), labels, classes: labels.length, layers };
}

const CATS = modelOf("cats", ["tabby, tabby cat", "crane", "crane", "cup", "lynx"]);
const PETS = modelOf("pets", ["dog", "crane", "tabby cat", "lynx, wild cat", "crane"]);
const ALL = new Map([CATS, PETS].map((model) => [model.id, model]));

function targetIn(model: LoadedModel, target: Target): unknown {
  const view: View = { revision: 1, method: "grad-cam", target, options: {} };
  return resolveAcross(model, view, ALL).target;
}

Deno.test("X5: an index of another model stands for the class of the same name", () => {
  const index = (at: number): Target => ({ kind: "class", index: at, model: "cats" });
  assert.deepEqual(targetIn(PETS, index(0)), { kind: "class", index: 2 });
  assert.deepEqual(targetIn(PETS, index(4)), { kind: "class", index: 3 });
  // Two classes of this name: the one at the same place is the same.
  assert.deepEqual(targetIn(PETS, index(1)), { kind: "class", index: 1 });
  assert.throws(() => targetIn(PETS, index(2)), { code: "ambiguous-class" });
  // An index without a model, or of its own one, stays as it is.
  assert.deepEqual(targetIn(PETS, { kind: "class", index: 4 }), { kind: "class", index: 4 });
  assert.deepEqual(targetIn(CATS, index(3)), { kind: "class", index: 3 });
});

Deno.test("X5: a class that the model lacks is refused with the nearest, an index or a model that is none with its name", () => {
  assert.throws(
    () => targetIn(PETS, { kind: "class", index: 3, model: "cats" }),
    { code: "unknown-class", message: /no label is 'cup';.* \(PETS has other classes than cats\)/u },
  );
  assert.throws(
    () => targetIn(modelOf("zoo", ["tabby kitten", "dog"]), { kind: "class", index: 0, model: "cats" }),
    { code: "unknown-class", message: /did you mean '0:tabby kitten'/u },
  );
  assert.throws(
    () => targetIn(PETS, { kind: "class", index: 9, model: "cats" }),
    { code: "unknown-class", message: /indexes from 0 to 4, got 9/u },
  );
  assert.throws(
    () => targetIn(PETS, { kind: "class", index: 0, model: "zebras" }),
    { code: "unknown-model", message: /got 'zebras'/u },
  );
});

Deno.test("X6: a layer of another model gives way to the model's own, and the answer says so; any other one is refused", () => {
  const layers = BASE.layers.map((layer) => ({ ...layer, name: `their ${layer.name}` }));
  const other = modelOf("other", CATS.labels, layers);
  const known = new Map([...ALL, [other.id, other]]);
  const view: View = { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} };
  const layer = layers.at(-1)?.name ?? "";
  const request = resolveAcross(CATS, { ...view, layer }, known);
  assert.equal(request.layer, resolveAcross(CATS, view, known).layer);
  assert.deepEqual(request.notes, [
    `CATS has no layer '${layer}': '${request.layer}' is looked at instead`,
  ]);
  assert.deepEqual(resolveAcross(CATS, view, known).notes, []);
  assert.throws(() => resolveAcross(CATS, { ...view, layer: "nobody's" }, known), { code: "unknown-layer" });
});

Deno.test("X6: a method that works with another model alone gives way to the default one, and the answer says so", () => {
  const { projectionLayer: _, ...rest } = BASE;
  const tokens: LoadedModel = { ...rest, id: "tokens", name: "TOKENS", projectionLayer: null };
  const view: View = { revision: 1, method: "cam", target: { kind: "rank", rank: 2 }, options: {} };
  assert.deepEqual(resolveAcross(CATS, view, ALL).notes, []);
  const request = resolveAcross(tokens, view, new Map([...ALL, [tokens.id, tokens]]));
  assert.deepEqual([request.method.id, request.target], ["grad-cam", { kind: "rank", rank: 2 }]);
  assert.deepEqual(request.notes, ["TOKENS cannot be explained by cam: 'grad-cam' is used instead"]);
  // Where no model can be explained by it, or it is none, it is refused as it was before there were several.
  assert.throws(() => resolveAcross(tokens, view, new Map([[tokens.id, tokens]])), { code: "unknown-layer" });
  assert.throws(() => resolveAcross(tokens, { ...view, method: "magic" }, ALL), { code: "unknown-method" });
});
