/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fakeMethod } from "../../shared/testing/fake_method.ts";
import { sameAsWords, sameMapReason, sameMapsOf, sameMapWords, shownOf } from "./same_maps.ts";

const SAME = { layer: "last", methods: ["a", "b", "c"], signed: ["s"] };
const FACTS = {
  model: { defaultLayer: "last" },
  layers: [{ name: "early", shape: [] }, { name: "last", shape: [] }],
  methods: [
    ...["a", "b", "c", "d"].map((id) => ({ ...fakeMethod({ id }), looksAt: "any-layer" as const })),
    { ...fakeMethod({ id: "s" }), looksAt: "one-layer" as const },
  ],
  sameMaps: [SAME],
};
const nameOf = (id: string) => id.toUpperCase();

Deno.test("V5: sameMapsOf() goes by the layer that is shown, the method's own where none was chosen", () => {
  const of = (method: string, layer: string | null, options = {}) =>
    sameMapsOf(FACTS, { method, layer, options });
  assert.equal(of("b", null), SAME);
  assert.equal(of("b", "last"), SAME);
  assert.equal(of("b", "early"), null);
  assert.equal(of("s", "early"), SAME);
  assert.equal(of("d", "last"), null);
  assert.deepEqual(of("b", null, { score: "probability" }), { ...SAME, signed: [] });
  // A default layer without a spatial layout gives way to the last one that has one.
  const flat = { ...FACTS, model: { defaultLayer: "dense" } };
  assert.equal(sameMapsOf(flat, { method: "a", layer: null, options: {} }), SAME);
  const { sameMaps: _none, ...others } = FACTS;
  assert.equal(sameMapsOf(others, { method: "a", layer: null, options: {} }), null);
});

Deno.test("shownOf() leaves two or more", () => {
  assert.deepEqual(shownOf(SAME, ["s", "b", "d"]), { layer: "last", methods: ["b"], signed: ["s"] });
  assert.equal(shownOf(SAME, ["b", "d"]), null);
});

Deno.test("sameMapWords() names the methods, sameMapReason() why, and what shows the sign as well", () => {
  assert.equal(sameMapWords(SAME, nameOf), "A, B, C and S give the same map here, whatever the picture.");
  const plain = sameMapReason({ ...SAME, signed: [] }, nameOf);
  assert.match(plain, /^Behind this layer come only .* so the gradient is the same everywhere\.$/);
  assert.equal(sameMapReason(SAME, nameOf), `${plain} S shows the evidence against the class as well.`);
});

Deno.test("sameAsWords() compares with the first of the group", () => {
  assert.equal(sameAsWords(SAME, "b", nameOf), "Here the same map as A");
  assert.equal(
    sameAsWords(SAME, "s", nameOf),
    "Here the same map as A, with the evidence against the class as well",
  );
  assert.equal(sameAsWords(SAME, "a", nameOf), null);
  assert.equal(sameAsWords(null, "b", nameOf), null);
});
