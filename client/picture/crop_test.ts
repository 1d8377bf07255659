/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { centrePart, centreSquare, fitInside, panRect } from "./crop.ts";

Deno.test("centrePart() takes the largest part of a shape", () => {
  assert.deepEqual(centrePart(640, 480, 2), { x: 0, y: 80, width: 640, height: 320 });
  assert.deepEqual(centrePart(640, 480, 0.5), { x: 200, y: 0, width: 240, height: 480 });
  assert.deepEqual(centrePart(640, 480, 4 / 3), { x: 0, y: 0, width: 640, height: 480 });
});

Deno.test("centreSquare() takes the middle of wide, tall and square pictures", () => {
  assert.deepEqual(centreSquare(640, 480), { x: 80, y: 0, width: 480, height: 480 });
  assert.deepEqual(centreSquare(300, 400), { x: 0, y: 50, width: 300, height: 300 });
  assert.deepEqual(centreSquare(224, 224), { x: 0, y: 0, width: 224, height: 224 });
});

Deno.test("panRect() stays inside the picture, keeps its proportions and moves slowly", () => {
  let before = panRect(600, 400, 0);
  for (let at = 33; at < 100_000; at += 33) {
    const rect = panRect(600, 400, at);
    assert.ok(rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= 600 && rect.y + rect.height <= 400);
    assert.ok(Math.abs(rect.width / rect.height - 1.5) < 1e-9);
    assert.ok(Math.hypot(rect.x - before.x, rect.y - before.y) < 0.5, "less than half a pixel per frame");
    before = rect;
  }
});

Deno.test("fitInside() never enlarges", () => {
  assert.deepEqual(fitInside(4000, 3000, 1600), { width: 1600, height: 1200 });
  assert.deepEqual(fitInside(30, 20, 1600), { width: 30, height: 20 });
});
