import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePicture } from "../engine/mod.ts";
import { encodeIndexedPng, encodePng } from "./png.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

const SIDES = fc.integer({ min: 1, max: 9 });

Deno.test("encodePng() writes what decodePicture() reads back, to the bit", async () => {
  const pictures = fc.tuple(SIDES, SIDES).chain(([width, height]) =>
    fc.uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height }).map((rgb) => ({
      width,
      height,
      rgb: Uint8Array.from(rgb),
    }))
  );
  await assertProperty(
    fc.asyncProperty(pictures, async (picture) => {
      assert.deepEqual(await decodePicture(encodePng(picture), { format: "png" }), picture);
    }),
    { numRuns: 50 },
  );
});

Deno.test("encodeIndexedPng() writes each pixel as the colour of its index", async () => {
  const colours = Uint8Array.from({ length: 3 * 256 }, (_, index) => (index * 37) % 256);
  const opacity = new Uint8Array(256).fill(255);
  const pictures = fc.tuple(SIDES, SIDES).chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height, maxLength: width * height }).map((indexes) => ({
      width,
      height,
      indexes,
    }))
  );
  await assertProperty(
    fc.asyncProperty(pictures, async (picture) => {
      const png = encodeIndexedPng({ ...picture, colours, opacity });
      const { rgb } = await decodePicture(png, { format: "png" });
      const wanted = [...picture.indexes].flatMap((index) => [...colours.subarray(3 * index, 3 * index + 3)]);
      assert.deepEqual([...rgb], wanted);
    }),
    { numRuns: 50 },
  );
});

Deno.test("encodePng() packs what its neighbours foretell", () => {
  const rgb = Uint8Array.from(
    { length: 3 * 64 * 64 },
    (_, index) => (Math.floor(index / 192) + index % 192) % 256,
  );
  assert.ok(encodePng({ width: 64, height: 64, rgb }).length < rgb.length / 10);
});
