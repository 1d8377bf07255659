/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { InsideHead } from "../../../shared/inside.ts";
import { drawGrid, gridSize } from "./grid_picture.ts";

const HEAD: InsideHead = {
  layer: "features",
  height: 10,
  width: 20,
  tileHeight: 1,
  tileWidth: 2,
  channels: 17,
  page: 1,
  pages: 1,
  first: 0,
  shown: 17,
  channel: null,
  contributions: null,
};

Deno.test("gridSize() lays 16 channels in a row with a gap behind each", () => {
  assert.deepEqual(gridSize({ head: HEAD }), { rows: 2, gap: 1, height: 4, width: 48 });
});

Deno.test("drawGrid() puts every channel at its place and leaves the gaps and what has no channel free", () => {
  const tiles = new Uint8Array(34);
  tiles[32] = 255;
  const pixels = new Uint32Array(4 * 48);
  drawGrid({ head: HEAD, raw: null, tiles }, pixels);
  const dark = pixels[0] ?? 0;
  assert.deepEqual([pixels[1], pixels[2], pixels[3]], [dark, 0, dark]);
  const light = pixels[2 * 48] ?? 0;
  assert.ok(light !== dark && light !== 0, "channel 16 begins the second row");
  assert.deepEqual([pixels[2 * 48 + 1], pixels[2 * 48 + 3], pixels[48]], [dark, 0, 0]);
});
