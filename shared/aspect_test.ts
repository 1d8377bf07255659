import assert from "node:assert/strict";
import { aspectOf, centrePart, sidesWithin } from "./aspect.ts";
import { centreCrop } from "./resample.ts";

Deno.test("centrePart() takes the largest part of a shape out of wide, tall and square pictures", () => {
  assert.deepEqual(centrePart(640, 480, 2), { x: 0, y: 80, width: 640, height: 320 });
  assert.deepEqual(centrePart(640, 480, 0.5), { x: 200, y: 0, width: 240, height: 480 });
  assert.deepEqual(centrePart(640, 480, 4 / 3), { x: 0, y: 0, width: 640, height: 480 });
  assert.deepEqual(centrePart(640, 480, 1), { x: 80, y: 0, width: 480, height: 480 });
  assert.deepEqual(centrePart(300, 400, 1), { x: 0, y: 50, width: 300, height: 300 });
});

Deno.test("F8: what is drawn is the part that the server crops, but for its whole pixels", () => {
  for (const [width, height] of [[640, 480], [481, 640], [333, 333]] as const) {
    for (const input of [{ width: 96, height: 48 }, { width: 40, height: 64 }, { width: 224, height: 224 }]) {
      const drawn = centrePart(width, height, aspectOf(input));
      const cut = centreCrop({ width, height }, input);
      const pairs = [[drawn.x, cut.left], [drawn.y, cut.top], [drawn.width, cut.width], [
        drawn.height,
        cut.height,
      ]];
      for (const [ours = NaN, server = NaN] of pairs) assert.ok(Math.abs(ours - server) <= 1);
    }
  }
});

Deno.test("sidesWithin() fills one side and keeps the shape", () => {
  assert.deepEqual(sidesWithin({ width: 320, height: 320 }, 2), { width: 320, height: 160 });
  assert.deepEqual(sidesWithin({ width: 320, height: 320 }, 0.625), { width: 200, height: 320 });
  assert.deepEqual(sidesWithin({ width: 10, height: 10 }, 100), { width: 10, height: 1 });
});
