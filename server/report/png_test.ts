import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePicture } from "../engine/mod.ts";
import { encodePng } from "./_png.ts";

Deno.test("encodePng() writes what decodePicture() reads back, to the bit", async () => {
  const sides = fc.integer({ min: 1, max: 9 });
  const pictures = fc.tuple(sides, sides).chain(([width, height]) =>
    fc.uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height }).map((rgb) => ({
      width,
      height,
      rgb: Uint8Array.from(rgb),
    }))
  );
  await fc.assert(
    fc.asyncProperty(pictures, async (picture) => {
      assert.deepEqual(await decodePicture(encodePng(picture), { format: "png" }), picture);
    }),
    { numRuns: 30 },
  );
});
