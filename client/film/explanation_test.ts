/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { factsOf, SEEN } from "./testing/seen_frames.ts";
import { explanationOf } from "./explanation.ts";

Deno.test("explanationOf() draws a frame as the page showed it then", () => {
  const facts = factsOf(3);
  const weights = Float32Array.of(1, 0.5);
  const { layer } = explanationOf(facts, weights, true);
  assert.equal(layer.map, facts.map);
  assert.equal(layer.weights, weights);
  assert.deepEqual([layer.shading, layer.opacity, layer.network], [SEEN.shading, 0.7, false]);
  assert.equal(layer.caption?.title, "cup (7)  51 %");
  assert.equal(layer.caption?.detail, "Grad-CAM: evidence for cup (7) · Tiny");
  assert.equal(layer.caption?.legend?.unit, "logits");
});

Deno.test("explanationOf() writes no caption where none is wanted, and no words of a result that never came", () => {
  assert.equal(explanationOf(factsOf(1), null, false).layer.caption, null);
  const { layer } = explanationOf({ ...factsOf(1), result: null }, null, true);
  assert.deepEqual([layer.caption?.title, layer.caption?.detail], ["", "Grad-CAM · Tiny"]);
});

Deno.test("explanationOf() gives a picture in colours no legend", () => {
  const facts = factsOf(1);
  const inColours = { ...facts, map: { ...facts.map, rgb: new Uint8Array(6) } };
  assert.equal(explanationOf(inColours, null, true).layer.caption?.legend, null);
});
