/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import fc from "fast-check";
import { filmSize, placeInside } from "./placement.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

const FRAME = { width: 640, height: 480 };

Deno.test("placeInside() fills a frame of the picture's shape", () => {
  assert.deepEqual(placeInside({ width: 1280, height: 960 }, 1, FRAME), {
    picture: { x: 0, y: 0, width: 640, height: 480 },
    crop: { x: 80, y: 0, width: 480, height: 480 },
  });
});

Deno.test("placeInside() leaves bars beside a picture that was turned, and keeps its shape", () => {
  assert.deepEqual(placeInside({ width: 480, height: 640 }, 1, FRAME), {
    picture: { x: 140, y: 0, width: 360, height: 480 },
    crop: { x: 140, y: 60, width: 360, height: 360 },
  });
  assert.deepEqual(placeInside(FRAME, 1, { width: 480, height: 640 }), {
    picture: { x: 0, y: 140, width: 480, height: 360 },
    crop: { x: 60, y: 140, width: 360, height: 360 },
  });
});

Deno.test("placeInside() marks the part that a model with an input of another shape sees", () => {
  assert.deepEqual(placeInside(FRAME, 2, FRAME).crop, { x: 0, y: 80, width: 640, height: 320 });
  assert.deepEqual(placeInside(FRAME, 0.5, FRAME).crop, { x: 200, y: 0, width: 240, height: 480 });
  assert.deepEqual(placeInside({ width: 480, height: 640 }, 2, FRAME).crop, {
    ...{ x: 140, y: 150, width: 360, height: 180 },
  });
});

Deno.test("placeInside() gives even edges inside the frame, at most two pixels from the exact ones", () => {
  const side = fc.integer({ min: 64, max: 4_000 });
  const evenSide = fc.integer({ min: 32, max: 960 }).map((half) => 2 * half);
  const shape = fc.constantFrom(1, 2, 0.5, 96 / 40, 3 / 4);
  assertProperty(fc.property(side, side, shape, evenSide, evenSide, (width, height, aspect, ...sides) => {
    const [frameWidth, frameHeight] = sides;
    const frame = { width: frameWidth, height: frameHeight };
    const { picture, crop } = placeInside({ width, height }, aspect, frame);
    for (const length of [...Object.values(picture), ...Object.values(crop)]) {
      assert.equal(length % 2, 0);
    }
    assert.ok(picture.x >= 0 && picture.x + picture.width <= frame.width);
    assert.ok(picture.y >= 0 && picture.y + picture.height <= frame.height);
    const by = Math.min(frame.width / width, frame.height / height);
    const near = (is: number, exact: number) => assert.ok(Math.abs(is - exact) <= 2, `${is} for ${exact}`);
    near(picture.width, width * by);
    near(picture.height, height * by);
    near(crop.x + crop.width / 2, frame.width / 2);
    near(crop.y + crop.height / 2, frame.height / 2);
    near(crop.width, Math.min(picture.width, picture.height * aspect));
    near(crop.height, Math.min(picture.height, picture.width / aspect));
  }));
});

Deno.test("filmSize() keeps the picture's size, even, within side and pixels", () => {
  const most = 1_920 * 1_080;
  const size = (width: number, height: number) => Object.values(filmSize({ width, height }, 1_920, most));
  assert.deepEqual(size(1_280, 720), [1_280, 720]);
  assert.deepEqual(size(641, 479), [642, 480]);
  assert.deepEqual(size(3_840, 2_160), [1_920, 1_080]);
  assert.deepEqual(size(2_160, 3_840), [1_080, 1_920]);
  assert.deepEqual(size(1_600, 1_600), [1_440, 1_440]);
  assert.deepEqual(size(1, 1), [2, 2]);
});
