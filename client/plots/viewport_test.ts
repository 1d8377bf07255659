/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { anchored, canZoom, firstView, fitted, panned, revealed, zoomed } from "./viewport.ts";

const WINDOW = { width: 400, height: 300 };
const DRAWING = { width: 1_000, height: 500 };

Deno.test("fitted() shows the whole drawing in the middle, never larger than it is", () => {
  assert.deepEqual(fitted(DRAWING, WINDOW), { scale: 0.4, x: 0, y: 0 });
  assert.deepEqual(fitted({ width: 200, height: 100 }, WINDOW), { scale: 1, x: 100, y: 0 });
});

Deno.test("firstView() shows the root, legible, of a drawing that would be too small as a whole", () => {
  const view = firstView(DRAWING, WINDOW, { x: 400, y: 24, width: 200, height: 76 });
  assert.equal(view.scale, 0.72);
  assert.equal(500 * view.scale + view.x, 200);
  assert.ok(24 * view.scale + view.y > 0);
  assert.deepEqual(
    firstView({ width: 200, height: 100 }, WINDOW, { x: 0, y: 0, width: 9, height: 9 }).scale,
    1,
  );
});

Deno.test("zoomed() keeps the point under the pointer, and ends at the largest scale", () => {
  const at = { x: 120, y: 80 };
  const view = { scale: 0.5, x: 10, y: 20 };
  const next = zoomed(view, 1.5, at, DRAWING, WINDOW);
  assert.equal(next.scale, 0.75);
  assert.ok(Math.abs((at.x - next.x) / next.scale - (at.x - view.x) / view.scale) < 1e-9);
  assert.equal(zoomed(view, 100, at, DRAWING, WINDOW).scale, 3);
  assert.deepEqual([canZoom({ ...view, scale: 3 }, 2), canZoom({ ...view, scale: 3 }, 0.5)], [false, true]);
});

Deno.test("panned() leaves a part of the drawing in the window", () => {
  const view = { scale: 0.5, x: 0, y: 0 };
  assert.deepEqual(panned(view, { x: 30, y: -10 }, DRAWING, WINDOW), { scale: 0.5, x: 30, y: -10 });
  const far = panned(view, { x: -9_999, y: 9_999 }, DRAWING, WINDOW);
  assert.deepEqual([far.x + 500, far.y], [48, 252]);
});

Deno.test("revealed() moves as little as it has to", () => {
  const view = { scale: 1, x: 0, y: 0 };
  assert.deepEqual(revealed(view, { x: 50, y: 50, width: 100, height: 50 }, WINDOW), view);
  assert.equal(revealed(view, { x: 500, y: 50, width: 100, height: 50 }, WINDOW).x, -216);
  assert.equal(revealed(view, { x: -50, y: 50, width: 100, height: 50 }, WINDOW).x, 66);
  assert.equal(revealed(view, { x: 500, y: 50, width: 900, height: 50 }, WINDOW).x, -484, "its beginning");
});

Deno.test("anchored() keeps a box in place when the drawing grows beside it", () => {
  const view = { scale: 0.5, x: 7, y: 9 };
  const [before, after] = [{ x: 100, y: 40 }, { x: 300, y: 40 }];
  const next = anchored(view, before, after);
  assert.equal(after.x * next.scale + next.x, before.x * view.scale + view.x);
});
