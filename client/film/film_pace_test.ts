/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { filmSizeOf, LARGEST, largestInPace } from "./film_pace.ts";

Deno.test("largestInPace() takes the largest step that leaves half of a picture's time", () => {
  const widths = [0, 16, 16.1, 36, 36.1, 1_000, null].map((ms) => largestInPace(ms).width);
  assert.deepEqual(widths, [1_920, 1_920, 1_280, 1_280, 960, 960, 960]);
});

Deno.test("filmSizeOf() keeps the camera's own size where it is in pace", () => {
  const size = (width: number, height: number, largest = LARGEST) =>
    Object.values(filmSizeOf({ width, height }, largest));
  assert.deepEqual(size(1_920, 1_080), [1_920, 1_080]);
  assert.deepEqual(size(1_080, 1_920), [1_080, 1_920]);
  assert.deepEqual(size(1_280, 720, largestInPace(30)), [1_280, 720]);
  assert.deepEqual(size(640, 480, largestInPace(null)), [640, 480]);
  const [width = 0, height = 0] = size(1_920, 1_080, largestInPace(null));
  assert.ok(width * height <= 960 * 722 && Math.abs(width / height - 16 / 9) < 0.01, `${width} × ${height}`);
});
