/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import fc from "fast-check";
import { filmSize, placeInside } from "./placement.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

const FRAME = { width: 640, height: 480 };

Deno.test("placeInside() fills a frame of the picture's shape", () => {
  assert.deepEqual(placeInside({ width: 1280, height: 960 }, FRAME), {
    picture: { x: 0, y: 0, width: 640, height: 480 },
    square: { x: 80, y: 0, width: 480, height: 480 },
  });
});

Deno.test("placeInside() leaves bars beside a picture that was turned, and keeps its shape", () => {
  assert.deepEqual(placeInside({ width: 480, height: 640 }, FRAME), {
    picture: { x: 140, y: 0, width: 360, height: 480 },
    square: { x: 140, y: 60, width: 360, height: 360 },
  });
  assert.deepEqual(placeInside(FRAME, { width: 480, height: 640 }), {
    picture: { x: 0, y: 140, width: 480, height: 360 },
    square: { x: 60, y: 140, width: 360, height: 360 },
  });
});

Deno.test("placeInside() gives even edges inside the frame, at most two pixels from the exact ones", () => {
  const side = fc.integer({ min: 64, max: 4_000 });
  const evenSide = fc.integer({ min: 32, max: 960 }).map((half) => 2 * half);
  assertProperty(fc.property(side, side, evenSide, evenSide, (width, height, frameWidth, frameHeight) => {
    const frame = { width: frameWidth, height: frameHeight };
    const { picture, square } = placeInside({ width, height }, frame);
    for (const length of [...Object.values(picture), ...Object.values(square)]) {
      assert.equal(length % 2, 0);
    }
    assert.ok(picture.x >= 0 && picture.x + picture.width <= frame.width);
    assert.ok(picture.y >= 0 && picture.y + picture.height <= frame.height);
    const by = Math.min(frame.width / width, frame.height / height);
    const near = (is: number, exact: number) => assert.ok(Math.abs(is - exact) <= 2, `${is} for ${exact}`);
    near(picture.width, width * by);
    near(picture.height, height * by);
    near(square.x + square.width / 2, frame.width / 2);
    near(square.y + square.height / 2, frame.height / 2);
    near(square.width, Math.min(width, height) * by);
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
