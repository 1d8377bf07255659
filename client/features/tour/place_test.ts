import assert from "node:assert/strict";
import { placeBeside, type Rectangle } from "./place.ts";

const BOX = { width: 340, height: 180 };

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height &&
    b.top < a.top + a.height;
}

Deno.test("words stand beside what they speak of, inside the window", () => {
  const window = { width: 1280, height: 720 };
  const picture = { left: 20, top: 60, width: 680, height: 510 };
  const list = { left: 880, top: 60, width: 380, height: 320 };
  for (const about of [picture, list]) {
    const at = { ...placeBeside(about, BOX, window), ...BOX };
    assert.equal(overlaps(about, at), false, JSON.stringify(at));
    assert.ok(at.left >= 0 && at.left + at.width <= 1280 && at.top >= 0 && at.top + at.height <= 720);
  }
  // On a phone, below the picture.
  assert.ok(
    placeBeside({ left: 0, top: 50, width: 360, height: 360 }, { width: 336, height: 190 }, {
      width: 360,
      height: 740,
    }).top >= 410,
  );
});

Deno.test("where there is no room beside, as little as possible is hidden", () => {
  const at = placeBeside({ left: 0, top: 0, width: 400, height: 300 }, BOX, { width: 400, height: 400 });
  assert.deepEqual(at, { left: 30, top: 208 });
});
