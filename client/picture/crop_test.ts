/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fitInside, panRect } from "./crop.ts";

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
