import assert from "node:assert/strict";
import type { LoadedModel } from "../engine/port.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { networkStages } from "./network_stages.ts";

const { model: SMALL } = createMemoryEngine();

/** A layer in a line of text: name, side, channels, and what it reads unless that is the layer before. */
type Written = readonly [name: string, side: number, channels: number, ...inputs: string[]];

function modelOf(written: readonly Written[], projectionLayer: string | null = null): LoadedModel {
  const layers = written.map(([name, side, channels, ...inputs], at) => ({
    name,
    kind: at === 0 ? "InputLayer" : "Layer",
    shape: side === 0 ? [channels] : [side, side, channels],
    inputs: at === 0 ? [] : inputs.length > 0 ? inputs : [written[at - 1]?.[0] ?? ""],
  }));
  const spatial = layers.filter(({ shape }) => shape.length === 3);
  return { ...SMALL, layers, projectionLayer, defaultLayer: projectionLayer ?? spatial.at(-1)?.name ?? "" };
}

Deno.test("networkStages() takes the end of each size's last block, not the wide steps of the next one", () => {
  const stages = networkStages(modelOf([
    ["input", 64, 3],
    ["stem", 32, 32],
    ["narrow", 32, 16],
    ["wide1", 32, 96],
    ["narrow1", 16, 24],
    ["wide2", 16, 144],
    ["narrow2", 16, 24],
    ["add2", 16, 24, "narrow1", "narrow2"],
    ["wide3", 16, 144],
    ["narrow3", 8, 40],
    ["wide4", 8, 240],
    ["narrow4", 4, 80],
    ["head", 4, 1280],
    ["pool", 0, 1280],
    ["logits", 0, 10],
  ], "head"));
  assert.deepEqual(stages, ["narrow", "add2", "narrow3", "head"]);
});

Deno.test("networkStages() takes no layer that others are read past", () => {
  const stages = networkStages(modelOf([
    ["input", 32, 3],
    ["stem", 16, 8],
    ["pool", 8, 8],
    ["left", 8, 8],
    ["join", 8, 8, "pool", "left"],
    ["down", 4, 8],
    ["side", 4, 8, "join"],
    ["join2", 4, 8, "down", "side"],
    ["relu2", 4, 8],
    ["last", 2, 8],
  ]));
  assert.deepEqual(stages, ["stem", "join", "relu2", "last"]);
});

Deno.test("networkStages() ends at the explained layer where a class token is read past it, otherwise where nothing is", () => {
  const model = modelOf([
    ["input", 64, 3],
    ["patches", 8, 8],
    ["mix", 8, 8],
    ["add", 8, 8, "patches", "mix"],
    ["norm", 8, 8],
    ["attention", 8, 8],
    ["last", 8, 8, "add", "attention"],
  ]);
  const grid = { height: 8, width: 8, skip: 1 };
  const layers = model.layers.map((layer) => layer.name === "norm" ? { ...layer, grid } : layer);
  assert.deepEqual(networkStages({ ...model, layers, defaultLayer: "norm" }), ["patches", "add", "norm"]);
  assert.deepEqual(networkStages({ ...model, defaultLayer: "norm" }), ["patches", "add", "last"]);
});

Deno.test("networkStages() of one size spreads over the ends of its blocks", () => {
  const blocks = Array.from({ length: 12 }, (_, at): Written[] => {
    const before = at === 0 ? "patches" : `add${at}`;
    return [[`mix${at + 1}`, 14, 192, before], [`add${at + 1}`, 14, 192, before, `mix${at + 1}`]];
  });
  const stages = networkStages(modelOf([["input", 224, 3], ["patches", 14, 192], ...blocks.flat()]));
  assert.equal(stages.length, 4);
  assert.equal(stages.at(-1), "add12");
  assert.ok(stages.every((name) => name.startsWith("add")), stages.join());
});

Deno.test("networkStages() has seven at most, the last among them, and none without a spatial layer", () => {
  const sides = [120, 110, 100, 90, 80, 70, 60, 50, 40];
  const many = sides.map((side): Written => [`side${side}`, side, 8]);
  const stages = networkStages(modelOf([["input", 128, 3], ...many]));
  assert.equal(stages.length, 7);
  assert.equal(stages.at(-1), "side40");
  assert.deepEqual(networkStages(modelOf([["input", 0, 3], ["dense", 0, 4]])), []);
});
