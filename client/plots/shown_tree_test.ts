/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { listed, openAll, openUpTo, shownTree, toggled, withPath } from "./shown_tree.ts";
import { SMALL_TREE } from "./testing/small_tree.ts";

const places = (open: ReadonlySet<number>) => listed(shownTree(SMALL_TREE, open)).map(({ index }) => index);

Deno.test("openUpTo() opens the nodes with most rows first, as far as there is room", () => {
  assert.deepEqual(places(openUpTo(SMALL_TREE, 1)), [0]);
  assert.deepEqual(places(openUpTo(SMALL_TREE, 4)), [0, 1, 4]);
  assert.deepEqual(places(openUpTo(SMALL_TREE, 5)), [0, 1, 2, 3, 4]);
  assert.deepEqual(places(openAll(SMALL_TREE)), [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("shownTree() counts what a closed node hides, and knows sides and depths", () => {
  const root = shownTree(SMALL_TREE, new Set([0, 4]));
  const [left, right] = root.children;
  assert.deepEqual([left?.hidden, left?.side, left?.depth], [2, "left", 1]);
  assert.deepEqual([right?.hidden, right?.children.map(({ hidden }) => hidden)], [0, [0, 0]]);
  assert.equal(right?.children[1]?.parent, right);
  assert.equal(shownTree(SMALL_TREE, new Set()).hidden, 6);
});

Deno.test("withPath() opens what hides a path, and leaves an open set as it is", () => {
  assert.deepEqual([...withPath(new Set([0]), [0, 4, 6])], [0, 4]);
  const open = new Set([0, 4]);
  assert.equal(withPath(open, [0, 4, 6]), open);
});

Deno.test("toggled() closes what is open and opens what is closed", () => {
  assert.deepEqual([...toggled(new Set([0, 1]), 1)], [0]);
  assert.deepEqual([...toggled(new Set([0]), 1)], [0, 1]);
});

Deno.test("a chain of 5,000 questions is opened and listed", () => {
  const depth = 5_000;
  const nodes = Array.from({ length: depth }, (_, level) => [
    {
      ...{ feature: 0, threshold: level, left: 2 * level + 1, right: 2 * level + 2 },
      ...{ counts: [depth - level, 1], impurity: 0.1 },
    },
    { feature: -1, threshold: 0, left: -1, right: -1, counts: [1, 0], impurity: 0 },
  ]).flat();
  // Each question's left answer is a leaf, its right one the next question.
  const tree = { nodes: [...nodes, nodes[1] ?? assert.fail("no leaf")] };
  assert.equal(listed(shownTree(tree, openUpTo(tree, 2 * depth + 1))).length, 2 * depth + 1);
  assert.ok(listed(shownTree(tree, openAll(tree))).length <= 1_500);
});
