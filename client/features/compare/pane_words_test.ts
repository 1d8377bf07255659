/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { MapContent } from "../../view/pane_content.ts";
import { figureWords, type MapFigures, methodsDiffer, type TitleFacts, titleOf } from "./pane_words.ts";
import { mapContent } from "../../view/testing/map_content.ts";

const MAP: MapContent = mapContent({ target: { kind: "rank", rank: 2 } });
const FACTS: TitleFacts = {
  methods: [],
  rows: [
    { index: 3, label: "cup", probability: 0.6, logit: 5 },
    { index: 7, label: "crane, bird", probability: 0.2, logit: 4 },
  ],
  nameOf: (index, label = `class ${index}`) => label,
  methodsDiffer: false,
  modelName: null,
};
const FIGURES: MapFigures = { ageMs: null, costMs: 12.4, progress: 1, made: "", unclear: false };

Deno.test("titleOf() names what differs from the other panes first", () => {
  assert.deepEqual(titleOf(MAP, FACTS), ["crane, bird", "grad-cam"]);
  assert.deepEqual(titleOf(MAP, { ...FACTS, methodsDiffer: true }), ["grad-cam", "crane, bird"]);
  assert.deepEqual(titleOf({ ...MAP, target: { kind: "rank", rank: 4 } }, FACTS), ["guess 4", "grad-cam"]);
  const contrast: MapContent = { ...MAP, target: { kind: "class", index: 9 }, against: MAP.target };
  assert.deepEqual(titleOf(contrast, FACTS), ["class 9 rather than crane, bird", "grad-cam"]);
  assert.deepEqual(titleOf({ kind: "original" }, FACTS), ["Picture"]);
});

Deno.test("methodsDiffer() compares every map with the main pane's", () => {
  assert.equal(methodsDiffer("grad-cam", [MAP, { kind: "original" }]), false);
  assert.equal(methodsDiffer("occlusion", [MAP]), true);
});

Deno.test("figureWords() says a live map's age, or how far a held one is, and what it cost", () => {
  assert.equal(figureWords({ ...FIGURES, costMs: null }), "waiting for the map");
  assert.equal(figureWords({ ...FIGURES, ageMs: 83.6 }), "84 ms old · cost 12 ms");
  assert.equal(figureWords({ ...FIGURES, progress: 0.429, costMs: 9.4 }), "42 % · cost 9.4 ms");
  assert.equal(figureWords(FIGURES), "exact · cost 12 ms");
  const made = { ...FIGURES, made: "500 masks", unclear: true };
  assert.equal(figureWords(made), "500 masks · no clear place · cost 12 ms");
});
