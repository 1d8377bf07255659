/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fakeMethod } from "../../shared/testing/fake_method.ts";
import { costWords, foundIn, groupsOf } from "./method_groups.ts";

const METHODS = [
  fakeMethod({ id: "grad-cam" }),
  { ...fakeMethod({ id: "layercam" }), name: "LayerCAM", plain: "Finer detail." },
  { ...fakeMethod({ id: "saliency" }), family: "gradient" as const },
  { ...fakeMethod({ id: "occlusion" }), family: "outside" as const },
  { ...fakeMethod({ id: "rise" }), family: "outside" as const, plain: "Hides many parts." },
];

/** Names of groups with the ids in them. */
function outline(groups: ReturnType<typeof groupsOf>) {
  return groups.map(({ name, methods }) => [name, ...methods.map(({ id }) => id)]);
}

Deno.test("groupsOf() begins with the first three, and has every other method once, in its family", () => {
  assert.deepEqual(outline(groupsOf(METHODS)), [
    ["To begin with", "grad-cam", "occlusion", "saliency"],
    ["Maps of a layer", "layercam"],
    ["Perturbation methods", "rise"],
  ]);
  assert.deepEqual(outline(groupsOf(METHODS.slice(1, 2))), [["Maps of a layer", "layercam"]]);
});

Deno.test("foundIn() leaves what has every word, in name, id, sentence or family", () => {
  const found = (search: string) => outline(foundIn(groupsOf(METHODS), search));
  assert.deepEqual(found("  "), outline(groupsOf(METHODS)));
  assert.deepEqual(found("CAM"), [["To begin with", "grad-cam"], ["Maps of a layer", "layercam"]]);
  assert.deepEqual(found("perturbation hides"), [["Perturbation methods", "rise"]]);
  assert.deepEqual(found("constructor"), []);
});

Deno.test("costWords() counts in predictions", () => {
  assert.equal(costWords({ cost: 1 }), "as fast as the prediction");
  assert.equal(costWords({ cost: 2.5 }), "costs 2.5 predictions");
  assert.equal(costWords({}), null);
});
