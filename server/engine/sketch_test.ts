import assert from "node:assert/strict";
import { decodePicture, resize } from "./image/mod.ts";
import type { Picture } from "./image/picture.ts";
import { areAlike, type Sketch, SKETCH_SIDE, sketchDifference, sketchOf } from "./sketch.ts";

const PHOTOS = ["astronaut", "camera", "chelsea", "coffee", "rocket"];

function flat(level: number): Sketch {
  return new Uint8Array(SKETCH_SIDE ** 2).fill(level);
}

Deno.test("sketchOf() takes the mean luminance of each cell's pixels", () => {
  const side = 2 * SKETCH_SIDE;
  const values = new Uint8Array(3 * side * side);
  // The first cell: two red and two blue pixels.
  values.set([255, 0, 0, 0, 0, 255]);
  values.set([0, 0, 255, 255, 0, 0], 3 * side);
  const sketch = sketchOf({ width: side, height: side, values, channels: 3 });
  assert.equal(sketch[0], Math.round(255 * (0.299 + 0.114) / 2));
  assert.ok(sketch.subarray(1).every((level) => level === 0));
});

Deno.test("sketchOf() takes pictures of any size, with or without alpha", () => {
  for (const [width, height] of [[1, 1], [9, 7], [30, 299]] as const) {
    for (const channels of [3, 4] as const) {
      const values = new Uint8Array(width * height * channels).fill(90);
      assert.deepEqual(sketchOf({ width, height, values, channels }), flat(90));
    }
  }
});

Deno.test("sketchDifference() is the mean absolute difference in levels", () => {
  const half = flat(10);
  half.fill(30, 0, SKETCH_SIDE ** 2 / 2);
  assert.equal(sketchDifference(flat(10), half), 10);
  assert.equal(sketchDifference(half, flat(10)), 10);
});

Deno.test("frames are alike but for noise and a turn of the exposure, and unlike after a pan or a cut", async () => {
  const sketches: Sketch[] = [];
  for (const photo of PHOTOS) {
    const whole = await decodePicture(await Deno.readFile(`client/public/samples/${photo}.jpg`));
    const here = view(whole, 0);
    const sketch = sketch224(here);
    sketches.push(sketch);
    const noisy = here.rgb.map((value, at) => clamp(value + 16 * noise(at)));
    assert.ok(areAlike(sketch, sketch224({ ...here, rgb: noisy })), `${photo} with noise`);
    assert.ok(
      areAlike(sketch, sketch224({ ...here, rgb: here.rgb.map((value) => clamp(0.95 * value)) })),
      photo,
    );
    assert.ok(areAlike(sketch, sketch224(view(whole, 1))), `${photo}, 1 px on`);
    assert.ok(!areAlike(sketch, sketch224(view(whole, 16))), `${photo}, 16 px on`);
    assert.ok(!areAlike(sketch, flat(0)), `${photo} against black`);
  }
  for (const [at, a] of sketches.entries()) {
    for (const b of sketches.slice(at + 1)) assert.ok(!areAlike(a, b));
  }
});

function sketch224(picture: Picture): Sketch {
  return sketchOf({ ...picture, values: picture.rgb, channels: 3 });
}

/** Seven tenths of the middle, `pan` pixels of 224 to the right. */
function view({ width, height, rgb }: Picture, pan: number): Picture {
  const side = Math.floor(0.7 * Math.min(width, height));
  const [top, left] = [Math.floor((height - side) / 2), Math.floor((width - side) / 2 + pan * side / 224)];
  const cut = new Uint8Array(3 * side * side);
  for (let row = 0; row < side; row++) {
    const from = 3 * ((top + row) * width + left);
    cut.set(rgb.subarray(from, from + 3 * side), 3 * row * side);
  }
  return resize({ width: side, height: side, rgb: cut }, 224, 224);
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** About a normal deviate: twelve uniform ones, each decided by its place. */
function noise(at: number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) {
    const word = Math.imul((at * 12 + draw) ^ 0x9e3779b9, 0x85ebca6b);
    sum += (Math.imul(word ^ (word >>> 13), 0xc2b2ae35) >>> 0) / 2 ** 32;
  }
  return sum;
}
