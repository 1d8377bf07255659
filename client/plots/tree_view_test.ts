/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { SMALL_CLASSES, SMALL_FEATURES, SMALL_TREE } from "./testing/small_tree.ts";
import { TreeView } from "./tree_view.ts";
import { askNames, placesOf, ROWS, stepWords } from "./tree_words.ts";

const NAMES = { classes: SMALL_CLASSES, ask: askNames({ features: SMALL_FEATURES }), unit: ROWS };

/** Where a box lies in the window. */
function placeOf(view: TreeView, index: number): { readonly x: number; readonly y: number } {
  const box = view.layout.value.boxes.find(({ shown }) => shown.index === index) ?? assert.fail("no box");
  const { x, y, scale } = view.viewport.value;
  return { x: box.x * scale + x, y: box.y * scale + y };
}

function opened(width = 1_000): TreeView {
  const view = new TreeView(SMALL_TREE, NAMES);
  view.resize({ width, height: 400 });
  return view;
}

Deno.test("a box that is closed and opened stays where it is, while the drawing around it changes", () => {
  const view = opened();
  const before = placeOf(view, 4);
  view.toggle(4);
  assert.deepEqual(view.drawn, { boxes: 5, of: 7 });
  const after = placeOf(view, 4);
  assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 1e-9);
  view.toggle(2);
  assert.equal(view.drawn.boxes, 5, "an answer has nothing to open");
});

Deno.test("the path of a row is lit, and opens what hides it", () => {
  const view = opened();
  for (const index of [1, 4]) view.toggle(index);
  view.light([0, 4, 6]);
  assert.deepEqual([...view.lit.value], [0, 4, 6]);
  assert.ok(view.layout.value.boxes.some(({ shown }) => shown.index === 6));
  view.light([]);
  assert.equal(view.lit.value.size, 0);
});

Deno.test("keys move the focus into sight; what lost its box gives the focus to the box above", () => {
  const view = opened(300);
  view.openAll();
  view.zoom(3);
  for (const key of ["ArrowDown", "ArrowRight", "ArrowDown"]) assert.ok(view.press({ key, shift: false }));
  assert.equal(view.focused.value, 5);
  const { x, y } = placeOf(view, 5);
  assert.ok(x >= 0 && x < 300 && y >= 0 && y < 400);
  view.toggle(4);
  assert.equal(view.focused.value, 4);
  assert.equal(view.press({ key: "g", shift: false }), false);
});

Deno.test("a wheel at the ends of the scale is left to the page", () => {
  const view = opened();
  for (let step = 0; step < 20; step++) view.zoom(1.5);
  assert.equal(view.zoom(1.5), false);
  assert.equal(view.zoom(0.5), true);
  view.fit();
  assert.ok(view.viewport.value.scale <= 1);
});

Deno.test("stepWords() says what a row was asked, with digits that tell value and threshold apart", () => {
  const step = { node: 0, feature: 0, value: 880.84, threshold: 880.8, side: "right" } as const;
  assert.deepEqual(stepWords(step, NAMES.ask, () => null), {
    ...{ subject: "worst area", value: "880.84", test: "≤ 880.8", answer: "no" },
  });
  const asked = stepWords(step, () => ({ subject: "colour", test: "“red”", yes: "right" }), () => "red");
  assert.deepEqual(asked, { subject: "colour", value: "red", test: "“red”", answer: "yes" });
  assert.deepEqual(placesOf({ steps: [step], leaf: 4, counts: [1] }), [0, 4]);
  assert.deepEqual(placesOf(null), []);
});

Deno.test("until somebody moves it the whole drawing is in the window, with the lit path, in any window", () => {
  for (const width of [1_000, 600, 300]) {
    const view = new TreeView(SMALL_TREE, NAMES);
    view.light([0, 4, 6]);
    view.resize({ width, height: 400 });
    view.light([0, 4, 5]);
    view.resize({ width: width - 20, height: 400 });
    const { width: drawn, height } = view.layout.value;
    const { x, y, scale } = view.viewport.value;
    assert.ok(
      x >= 0 && y >= 0 && x + drawn * scale <= width - 20 + 1e-9 && y + height * scale <= 400,
      `${width}`,
    );
    assert.ok(view.layout.value.boxes.some(({ shown }) => shown.index === 5));
    view.zoom(1.5);
    const moved = view.viewport.value;
    view.light([0, 4, 6]);
    assert.equal(view.viewport.value.scale, moved.scale, "what somebody set stays");
  }
});
