/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fakeMethod } from "../../../shared/testing/fake_method.ts";
import type { MapContent } from "../../view/pane_content.ts";
import { samePanes } from "./same_panes.ts";

const FACTS = {
  model: { defaultLayer: "last" },
  layers: [{ name: "early", shape: [] }, { name: "last", shape: [] }],
  methods: ["grad-cam", "hirescam", "layercam"].map((id) => ({
    ...fakeMethod({ id }),
    looksAt: "any-layer" as const,
  })),
  sameMaps: [{ layer: "last", methods: ["grad-cam", "xgrad-cam", "hirescam"], signed: ["cam"] }],
};
const MAIN = { method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} } as const;
const PANE: MapContent = {
  ...{ kind: "map", method: "hirescam", target: MAIN.target, against: null, layer: null, options: {} },
};

/** Ids of the methods whose panes are the same; `others`: facts of other models. */
function found(panes: readonly MapContent[], main: Partial<typeof MAIN> & { layer?: string } = {}) {
  const same = samePanes({
    main: { ...MAIN, ...main },
    panes,
    factsOf: (model) => model === undefined ? FACTS : null,
  });
  return same === null ? null : [...same.methods, ...same.signed];
}

Deno.test("V5: samePanes() finds panes of methods that give the same map, the main one among them", () => {
  assert.deepEqual(found([PANE]), ["grad-cam", "hirescam"]);
  assert.deepEqual(found([{ ...PANE, layer: "last" }, { ...PANE, method: "cam" }]), [
    ...["grad-cam", "hirescam", "cam"],
  ]);
  const others = [PANE, { ...PANE, method: "cam" }].map((pane): MapContent => ({
    ...pane,
    target: { kind: "class", index: 7 },
  }));
  assert.deepEqual(found(others), ["hirescam", "cam"]);
});

Deno.test("V5: samePanes() finds none where class, layer, score, sign, cover or model differ", () => {
  const different: readonly Partial<MapContent>[] = [
    { target: { kind: "rank", rank: 2 } },
    { layer: "early" },
    { options: { score: "probability" } },
    { options: { signed: true } },
    { against: { kind: "rank", rank: 2 } },
    { cover: { cells: "", fill: "grey" } },
    { model: "other" },
    { method: "layercam" },
    { method: "grad-cam" },
  ];
  for (const part of different) assert.equal(found([{ ...PANE, ...part }]), null, JSON.stringify(part));
  assert.equal(found([PANE], { layer: "early" }), null);
  assert.equal(found([]), null);
});
