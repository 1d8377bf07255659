import assert from "node:assert/strict";
import { UNSURE_OPACITY } from "../../shared/unsure.ts";
import { decodePicture } from "../engine/mod.ts";
import { fakeMap, type FakeMapOptions } from "./testing/fake_explained.ts";
import { drawOverlay, encodeVeil } from "./overlay.ts";
import { scaleOf } from "./scale.ts";

const PICTURE = { width: 4, height: 4, rgb: new Uint8Array(48).fill(100) };

function draw(values: readonly number[], options?: FakeMapOptions) {
  const explained = fakeMap(values, options);
  return drawOverlay(PICTURE, explained, scaleOf([explained]));
}

function pixel({ width, rgb }: ReturnType<typeof draw>, row: number, column: number): number[] {
  return [...rgb.subarray(3 * (row * width + column), 3 * (row * width + column) + 3)];
}

Deno.test("drawOverlay() draws a small input large enough to look at", () => {
  const { width, height } = draw([0, 0, 0, 1]);
  assert.deepEqual([width, height], [448, 448]);
});

Deno.test("drawOverlay() is brightest where the evidence is, and at that place", () => {
  const drawn = draw([0, 0, 0, 1]);
  const [red = 0, green = 0] = pixel(drawn, 447, 447);
  const [darkRed = 0, darkGreen = 0] = pixel(drawn, 0, 0);
  assert.ok(red > darkRed + 50 && green > darkGreen + 50);
});

Deno.test("drawOverlay() shows evidence against the class in another colour", () => {
  const drawn = draw([-1, 0, 0, 1], { signed: true });
  const [red = 0, , blue = 0] = pixel(drawn, 447, 447);
  const [againstRed = 0, , againstBlue = 0] = pixel(drawn, 0, 0);
  assert.ok(red > blue && againstBlue > againstRed);
});

Deno.test("drawOverlay() leaves the picture alone where there is no evidence", () => {
  assert.ok(draw([0, 0, 0, 0]).rgb.every((value) => value === 100));
});

Deno.test("drawOverlay() leaves a map that is a picture as it is", () => {
  const rgb = Uint8Array.from({ length: 12 }, (_, index) => index);
  assert.deepEqual(draw([0, 0, 0, 1], { rgb }), { width: 2, height: 2, rgb });
});

Deno.test("drawOverlay() draws a map of the network by itself, a pixel for each number", () => {
  const { width, height, rgb } = draw([0, 0, 0, 1], { subject: "network" });
  assert.deepEqual([width, height], [2, 2]);
  assert.ok((rgb[9] ?? 0) > (rgb[0] ?? 0) + 100);
});

Deno.test("drawOverlay() and encodeVeil() cover less for a guess", async () => {
  const [sure = 0] = pixel(draw([0, 0, 0, 1], { dimmed: false }), 447, 447);
  const [guess = 0] = pixel(draw([0, 0, 0, 1], { dimmed: true }), 447, 447);
  assert.ok(Math.abs(guess - 100 - UNSURE_OPACITY * (sure - 100)) <= 1, `${guess} beside ${sure}`);
  const [, , veiled = 0] = await lastOfVeil(false);
  const [, , dimmed = 0] = await lastOfVeil(true);
  assert.ok(Math.abs(255 - dimmed - UNSURE_OPACITY * (255 - veiled)) <= 2, `${dimmed} beside ${veiled}`);
});

/** The colour of a veil where there is most evidence, laid over white by the decoder. */
async function lastOfVeil(dimmed: boolean): Promise<number[]> {
  const explained = fakeMap([0, 0, 0, 1], { dimmed });
  const { rgb } = await decodePicture(encodeVeil(explained, scaleOf([explained]), PICTURE), {
    format: "png",
  });
  return [...rgb.subarray(-3)];
}

Deno.test("encodeVeil() covers most where there is most evidence", async () => {
  const explained = fakeMap([0, 0, 0, 1]);
  const veil = encodeVeil(explained, scaleOf([explained]), PICTURE);
  // What is transparent is laid over white by the decoder: the yellow of the most evidence has the least blue.
  const { rgb } = await decodePicture(veil, { format: "png" });
  assert.ok((rgb.at(-1) ?? 255) < (rgb[2] ?? 0) - 50);
});
