import assert from "node:assert/strict";
import { readNpy } from "../testing/goldens.ts";
import { centreCrop } from "../../../shared/resample.ts";
import { cropSquare, decodePicture, fitInput, type Picture, resize } from "./mod.ts";

for (const side of [16, 40, 53, 90]) {
  Deno.test(`F8: fitInput() crops the middle and resizes to ${side} px exactly as Pillow's BICUBIC`, async () => {
    const tall = await decodePicture(await Deno.readFile(new URL("./_fixtures/tall.png", import.meta.url)));
    const { values } = await readNpy(new URL(`./_fixtures/tall-${side}.npy`, import.meta.url));
    const fitted = fitInput(tall, side, side);
    assert.deepEqual([fitted.width, fitted.height], [side, side]);
    assert.deepEqual(fitted.rgb, values);
  });
}

Deno.test("F8: fitInput() takes a picture of the input's size pixel for pixel", () => {
  const picture = checks(24, 17);
  assert.equal(fitInput(picture, 24, 17), picture);
});

Deno.test("F8: fitInput() crops a picture to the shape of an input that is no square, and distorts nothing", () => {
  // Stripes of one pixel: what is scaled alike in both directions keeps them upright and as wide as high.
  const picture = { width: 30, height: 20, rgb: new Uint8Array(30 * 20 * 3) };
  for (let i = 0; i < picture.rgb.length; i++) picture.rgb[i] = Math.floor(i / 3) % 30;
  const wide = fitInput(picture, 30, 10);
  assert.deepEqual([wide.width, wide.height], [30, 10]);
  assert.deepEqual([...wide.rgb.subarray(0, 6)], [0, 0, 0, 1, 1, 1]);
  const tall = fitInput(picture, 5, 20);
  // The middle 5 columns of 30, floor(25 / 2) being left out on the left.
  assert.deepEqual([...tall.rgb.subarray(0, 15)].filter((_, i) => i % 3 === 0), [12, 13, 14, 15, 16]);
  assert.deepEqual(centreCrop({ width: 640, height: 480 }, { width: 320, height: 240 }), {
    width: 640,
    height: 480,
    left: 0,
    top: 0,
  });
  assert.deepEqual(centreCrop({ width: 4000, height: 2 }, { width: 1, height: 3 }).width, 1);
});

Deno.test("cropSquare() leaves out as much on the left as on the right, the odd pixel on the right", () => {
  const { width, height, rgb } = cropSquare(checks(5, 2));
  assert.deepEqual([width, height], [2, 2]);
  assert.deepEqual([...rgb].filter((_, i) => i % 3 === 0), [1, 2, 6, 7]);
});

Deno.test("resize() keeps one colour one colour, up and down and to a line", () => {
  const picture = { width: 9, height: 9, rgb: new Uint8Array(9 * 9 * 3).fill(201) };
  for (const [width, height] of [[4, 4], [30, 3], [1, 1], [1, 50]] as const) {
    assert.ok(resize(picture, width, height).rgb.every((value) => value === 201), `${width}×${height}`);
  }
});

/** A picture whose red is the pixel's number. */
function checks(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb[3 * i] = i;
  return { width, height, rgb };
}
