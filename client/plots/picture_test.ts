/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fileName, sharpness } from "./picture.ts";

Deno.test("fileName() keeps letters and digits of any script, and nothing that leaves the folder", () => {
  assert.equal(fileName("Decision tree of ../Größe (2)", "svg"), "decision-tree-of-größe-2.svg");
  assert.equal(fileName("  …  ", "png"), "drawing.png");
});

Deno.test("sharpness() is two pixels for one, less where the picture would be too large for a browser", () => {
  assert.equal(sharpness({ width: 800, height: 600 }), 2);
  assert.equal(sharpness({ width: 16_384, height: 600 }), 0.5);
});
