import assert from "node:assert/strict";
import { safeId, uniqueId } from "./ids.ts";

Deno.test("an id has characters alone that addresses and file systems take, and is never empty", () => {
  const cases = {
    "resnet18": "resnet18",
    "EfficientNet-Lite0": "EfficientNet-Lite0",
    "my model (2).v3": "my-model-2-.v3",
    "Bäume im Wald": "Baume-im-Wald",
    "../../etc/passwd": "etc-passwd",
    "<b>x</b>": "b-x-b",
    "猫": "model",
    "": "model",
  };
  for (const [name, id] of Object.entries(cases)) assert.equal(safeId(name), id);
  assert.equal(safeId("x".repeat(200)).length, 60);
});

Deno.test("an id is made unlike all that are taken, case aside", () => {
  assert.equal(uniqueId("a", []), "a");
  assert.equal(uniqueId("a", ["A", "a-2"]), "a-3");
  assert.equal(uniqueId("constructor", []), "constructor");
});
