import assert from "node:assert/strict";
import { fakeExplained } from "./_fake_explained.ts";
import { drawOverlay, upsample } from "./_overlay.ts";

function pixel(explained: ReturnType<typeof fakeExplained>, row: number, column: number): number[] {
  const { width, rgb } = drawOverlay(explained);
  return [...rgb.subarray(3 * (row * width + column), 3 * (row * width + column) + 3)];
}

Deno.test("upsample() is bilinear with half-pixel centres", () => {
  const map = { height: 1, width: 2, values: Float32Array.of(0, 4) };
  assert.deepEqual([...upsample(map, { height: 1, width: 4 })], [0, 1, 3, 4]);
});

Deno.test("drawOverlay() draws a small input large enough to look at", () => {
  const { width, height } = drawOverlay(fakeExplained([0, 0, 0, 1]));
  assert.deepEqual([width, height], [448, 448]);
});

Deno.test("drawOverlay() is brightest where the evidence is, and at that place", () => {
  const explained = fakeExplained([0, 0, 0, 1]);
  const [red = 0, green = 0] = pixel(explained, 447, 447);
  const [darkRed = 0, darkGreen = 0] = pixel(explained, 0, 0);
  assert.ok(red > darkRed + 50 && green > darkGreen + 50);
});

Deno.test("drawOverlay() shows evidence against the class in another colour", () => {
  const explained = fakeExplained([-1, 0, 0, 1], { signed: true });
  const [red = 0, , blue = 0] = pixel(explained, 447, 447);
  const [againstRed = 0, , againstBlue = 0] = pixel(explained, 0, 0);
  assert.ok(red > blue && againstBlue > againstRed);
});

Deno.test("drawOverlay() leaves the picture alone where there is no evidence", () => {
  assert.ok(drawOverlay(fakeExplained([0, 0, 0, 0])).rgb.every((value) => value === 100));
});
