/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { listed, openAll, shownTree } from "./shown_tree.ts";
import { SMALL_TREE } from "./testing/small_tree.ts";
import { actOfTreeKey } from "./tree_keys.ts";

const OPEN = listed(shownTree(SMALL_TREE, openAll(SMALL_TREE)));
const CLOSED = listed(shownTree(SMALL_TREE, new Set([0])));
const press = (key: string, focused: number, shown = OPEN) =>
  actOfTreeKey({ key, shift: false }, shown, focused);
const focus = (index: number) => ({ kind: "focus", index });

Deno.test("arrows follow the drawing: to a question's answers, up again, and across one line of boxes", () => {
  assert.deepEqual(press("ArrowDown", 0), focus(1));
  assert.deepEqual(press("ArrowUp", 3), focus(1));
  assert.deepEqual(press("ArrowRight", 3), focus(5));
  assert.deepEqual(press("ArrowLeft", 5), focus(3));
  assert.deepEqual(press("Home", 6), focus(0));
  for (const [key, at] of [["ArrowUp", 0], ["ArrowLeft", 2], ["ArrowRight", 6], ["ArrowDown", 2]] as const) {
    assert.equal(press(key, at), "stay", key);
  }
});

Deno.test("a closed box opens by the arrow that leads into it; Enter and Space open and close", () => {
  assert.deepEqual(press("ArrowDown", 1, CLOSED), { kind: "toggle", index: 1 });
  assert.deepEqual(press("Enter", 0), { kind: "toggle", index: 0 });
  assert.equal(press(" ", 2), "stay", "a leaf has nothing to close");
});

Deno.test("keys move and zoom the drawing, and leave the others to the page", () => {
  assert.deepEqual(actOfTreeKey({ key: "ArrowLeft", shift: true }, OPEN, 0), { kind: "pan", x: 80, y: 0 });
  assert.deepEqual([press("+", 0), press("-", 0)], [{ kind: "zoom", factor: 1.25 }, {
    kind: "zoom",
    factor: 0.8,
  }]);
  assert.deepEqual(press("0", 0), { kind: "fit" });
  assert.equal(press("g", 0), null);
});
