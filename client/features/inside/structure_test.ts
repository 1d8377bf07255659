/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { blockOf, isSpatial, type Layer, rowsOf, structureOf } from "./structure.ts";

const layer = (name: string, kind: string, shape: number[], ...inputs: string[]): Layer => (
  { name, kind, shape, inputs, methods: shape.length === 3 && kind !== "InputLayer" ? ["activations"] : [] }
);

const LAYERS = [
  layer("input", "InputLayer", [8, 8, 3]),
  layer("stem_conv", "Conv2D", [4, 4, 2], "input"),
  layer("stem_relu", "ReLU", [4, 4, 2], "stem_conv"),
  layer("block1_conv", "Conv2D", [4, 4, 2], "stem_relu"),
  layer("block1_add", "Add", [4, 4, 2], "block1_conv", "stem_relu"),
  layer("block2_conv", "Conv2D", [2, 2, 4], "block1_add"),
  { ...layer("shares", "Softmax", [1, 1, 4], "block2_conv"), methods: [] },
  layer("pool", "GlobalAveragePooling2D", [4], "block2_conv"),
  layer("logits", "Dense", [10], "pool"),
];

Deno.test("structureOf() makes stages by spatial size and blocks by name, and finds the skips", () => {
  const stages = structureOf(LAYERS);
  assert.deepEqual(
    stages.map(({ size, blocks }) => [size?.height ?? null, blocks.map(({ name }) => name)]),
    [[8, ["input"]], [4, ["stem", "block1"]], [2, ["block2_conv"]], [1, ["shares"]], [null, [
      "pool",
      "logits",
    ]]],
  );
  const skips = stages.flatMap(({ blocks }) => blocks.map(({ skip }) => skip)).filter((skip) =>
    skip !== null
  );
  assert.deepEqual(skips, [{ from: "stem_relu", into: "block1_add" }]);
});

Deno.test("rowsOf() shows the layers of open blocks alone", () => {
  const stages = structureOf(LAYERS);
  const closed = rowsOf(stages, new Set());
  assert.deepEqual(closed.filter(({ kind }) => kind === "layer").map(({ name }) => name), [
    "input",
    "block2_conv",
    "shares",
    "pool",
    "logits",
  ]);
  const open = rowsOf(stages, new Set(["block block1"]));
  assert.deepEqual(open.filter(({ level }) => level === 3).map(({ name, skip, arc }) => [name, skip, arc]), [
    ["block1_conv", null, "middle"],
    ["block1_add", "adds stem_relu", "end"],
  ]);
  assert.equal(closed.find(({ name }) => name === "block1")?.arc, "whole");
  assert.equal(open.find(({ name }) => name === "block1")?.arc, "begin");
  assert.equal(rowsOf(stages, new Set(["stage 2"])).some(({ name }) => name === "stem"), false);
});

Deno.test("a block stands for its last layer, and only what has a spatial layout can be chosen", () => {
  const stages = structureOf(LAYERS);
  const chosen = new Map(rowsOf(stages, new Set()).map(({ name, layer }) => [name, layer]));
  assert.equal(chosen.get("block1"), "block1_add");
  assert.deepEqual(["logits", "input", "shares"].map((name) => chosen.get(name)), [null, null, null]);
  assert.equal(blockOf(stages, "block1_conv"), "block block1");
  assert.equal(blockOf(stages, "block2_conv"), null);
  assert.ok(LAYERS.some((one) => isSpatial(one)));
});
