/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { readAddress, writeAddress } from "./address.ts";

Deno.test("readAddress() reads every parameter of C4", () => {
  assert.deepEqual(readAddress("?method=occlusion&class=goldfish&colormap=cividis&opacity=0.6&present=1"), {
    method: "occlusion",
    target: { kind: "label", label: "goldfish" },
    colormap: "cividis",
    opacity: 0.6,
    present: true,
  });
});

Deno.test("readAddress() takes a number for a class index", () => {
  assert.deepEqual(readAddress("?class=967").target, { kind: "class", index: 967 });
});

Deno.test("readAddress() leaves out what it cannot use", () => {
  assert.deepEqual(readAddress("?class=&colormap=jet&opacity=much&present=0&method="), {});
  assert.deepEqual(readAddress("?opacity=7").opacity, 1);
});

Deno.test("readAddress() reads the layer, the view beside the picture and options of every type", () => {
  assert.deepEqual(readAddress("?layer=block10_add&view=trust&o.window=24&o.fill=blur&o.signed=true"), {
    layer: "block10_add",
    view: "trust",
    options: { window: 24, fill: "blur", signed: true },
  });
});

Deno.test("writeAddress() writes what readAddress() reads", () => {
  const state = {
    method: "cam",
    target: { kind: "class", index: 1 },
    layer: "head_relu6",
    options: { window: 24, fill: "blur", signed: false },
    view: "inside",
    opacity: 0.35,
    present: true,
  } as const;
  const query = writeAddress(state, "goldfish");
  assert.deepEqual(readAddress(query), { ...state, target: { kind: "label", label: "goldfish" } });
  assert.deepEqual(readAddress(writeAddress(state, null)).target, { kind: "class", index: 1 });
});
