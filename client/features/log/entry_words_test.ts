/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import {
  countWords,
  durationWords,
  entryAspect,
  type EntryNames,
  labelOf,
  methodName,
  modelWords,
  whenWords,
} from "./entry_words.ts";

const NAMES: EntryNames = {
  welcome: { model: { id: "mobilenet" }, methods: [] },
  nameOf: (index, label) => `${label} (${index})`,
};

Deno.test("countWords() and durationWords() fit the number", () => {
  assert.deepEqual([1, 2, 1_234].map(countWords), ["1 entry", "2 entries", "1,234 entries"]);
  assert.deepEqual([0, 4_400, 89_000, 90_000, 150_000].map(durationWords), [
    "1 s",
    "4 s",
    "89 s",
    "2 min",
    "3 min",
  ]);
});

Deno.test("whenWords() leaves the day out where it is today", () => {
  const [now, before] = [new Date(2026, 10, 30, 12), new Date(2026, 10, 29, 12)];
  assert.equal(whenWords(now.toISOString(), now), now.toLocaleTimeString());
  assert.match(whenWords(before.toISOString(), now), /2026|26/);
});

Deno.test("labelOf() and methodName() name what this server knows, and say the rest as it was written", () => {
  const entry = { modelId: "mobilenet", classIndex: 1, label: "crane, bird", method: "grad-cam" };
  assert.equal(labelOf(entry, NAMES), "crane, bird (1)");
  assert.equal(labelOf({ ...entry, modelId: "another" }, NAMES), "crane");
  assert.equal(labelOf(entry, { ...NAMES, welcome: null }), "crane");
  assert.equal(methodName(entry, NAMES), "grad-cam");
});

Deno.test("entryAspect() is the shape of the entry's own model, where it is still there", () => {
  const models = [{ id: "wide", width: 64, height: 32 }, { id: "unloaded", width: null, height: null }];
  assert.equal(entryAspect({ modelId: "wide" }, models), 2);
  assert.equal(entryAspect({ modelId: "unloaded" }, models), null);
  assert.equal(entryAspect({ modelId: "removed" }, models), null);
});

Deno.test("modelWords() names the head that was taught", () => {
  const modelName = "My things";
  assert.equal(modelWords({ modelName, taughtHead: null }), "My things");
  assert.equal(modelWords({ modelName, taughtHead: "tree" }), "My things (taught, decision tree)");
});
