/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { ListedModel } from "../../../shared/protocol.ts";
import { modelFigures, modelState, nextModel } from "./model_words.ts";

const MODEL: ListedModel = {
  id: "lite1",
  name: "Lite1",
  state: "not-loaded",
  reason: null,
  width: 240,
  height: 240,
  classes: 1_000,
  bytes: 52_400_000,
  uploaded: false,
};

Deno.test("modelFigures() says what is known of a model", () => {
  assert.equal(modelFigures(MODEL), "1,000 classes · 240 × 240 px");
  assert.equal(modelFigures({ ...MODEL, width: null, height: null }), "1,000 classes");
  assert.equal(modelFigures({ ...MODEL, width: null, classes: null }), "");
});

Deno.test("modelState() says whether a model can explain at once, and how far it is", () => {
  const of = (state: ListedModel["state"], reason: string | null = null) => ({ ...MODEL, state, reason });
  assert.equal(modelState(of("loaded"), null), "in memory: 52.4 MB");
  assert.equal(modelState(of("not-loaded"), null), "loaded when it is chosen: 52.4 MB of memory");
  assert.equal(modelState({ ...of("loaded"), bytes: null }, null), "in memory");
  assert.equal(modelState({ ...of("not-loaded"), bytes: null }, null), "loaded when it is chosen");
  assert.equal(modelState(of("loading"), { id: "lite1", done: 0.426 }), "loading 42 %");
  assert.equal(modelState(of("loading"), { id: "other", done: 0.426 }), "loading…");
  assert.equal(modelState(of("failed", "labels.json has 9 names"), null), "labels.json has 9 names");
});

Deno.test("nextModel() goes round, past those that failed", () => {
  const listed = [
    { ...MODEL, id: "a" },
    { ...MODEL, id: "b", state: "failed" as const },
    { ...MODEL, id: "c" },
  ];
  assert.equal(nextModel(listed, "a"), "c");
  assert.equal(nextModel(listed, "c"), "a");
  assert.equal(nextModel(listed.slice(0, 2), "a"), null);
  assert.equal(nextModel([], undefined), null);
});
