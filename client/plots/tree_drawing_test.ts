/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { openAll, shownTree } from "./shown_tree.ts";
import { SMALL_CLASSES, SMALL_FEATURES, SMALL_TREE } from "./testing/small_tree.ts";
import { BOX, layOut } from "./tree_layout.ts";
import { treeSvg } from "./tree_svg.ts";
import { askNames, majorityOf, ROWS, type TreeNames } from "./tree_words.ts";

const NAMES: TreeNames = { classes: SMALL_CLASSES, ask: askNames({ features: SMALL_FEATURES }), unit: ROWS };
const LAYOUT = layOut(shownTree(SMALL_TREE, openAll(SMALL_TREE)), NAMES);
const [ROOT] = SMALL_TREE.nodes;
const NONE: ReadonlySet<number> = new Set();

/** Opening and closing tags of a document, checked against each other. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, end, name = "", closed] of xml.matchAll(/<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (end === "/") assert.equal(open.pop(), name);
    else if (closed !== "/") open.push(name);
  }
  assert.deepEqual(open, []);
  const rest = xml.replaceAll(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, "");
  assert.doesNotMatch(rest, /[<>]|&(?!(?:amp|lt|gt|quot);)/);
}

Deno.test("boxes of one depth stand on one line, apart from each other, questions above the middle of their answers", () => {
  const rows = Map.groupBy(LAYOUT.boxes, ({ shown }) => shown.depth);
  for (const boxes of rows.values()) {
    assert.equal(new Set(boxes.map(({ y }) => y)).size, 1);
    for (const [place, { x }] of boxes.entries()) {
      const next = boxes[place + 1];
      if (next !== undefined) assert.ok(next.x >= x + BOX.width + 20);
    }
  }
  const xOf = (index: number) => LAYOUT.boxes.find(({ shown }) => shown.index === index)?.x ?? Number.NaN;
  assert.equal(xOf(0), (xOf(1) + xOf(4)) / 2);
  assert.ok(
    LAYOUT.boxes.every(({ x, y }) =>
      x >= 0 && y >= 0 && x + BOX.width <= LAYOUT.width && y + BOX.height <= LAYOUT.height
    ),
  );
});

Deno.test("a box says its question or its answer, and its bar has a part for each class", () => {
  const [root, , leaf] = LAYOUT.boxes.toSorted((a, b) => a.shown.index - b.shown.index);
  assert.deepEqual([root?.title, root?.detail, root?.rows], ["worst area", "≤ 880.8 ?", "569 rows"]);
  assert.deepEqual([leaf?.title, leaf?.detail, leaf?.rows], ["benign", "340 of 342 rows", ""]);
  const [first, second] = root?.parts ?? [];
  assert.equal(first?.x, 12);
  assert.ok(Math.abs((first?.width ?? 0) / (second?.width ?? 1) - 212 / 357) < 1e-9);
  assert.equal(LAYOUT.boxes.find(({ shown }) => shown.index === 6)?.parts.length, 1, "no part without rows");
});

Deno.test("lines are as wide as many rows take them, and say yes or no", () => {
  const line = (to: number) => LAYOUT.lines.find((one) => one.to === to);
  assert.ok((line(1)?.width ?? 0) > (line(4)?.width ?? 0));
  assert.deepEqual([line(1)?.answer, line(4)?.answer], ["yes", "no"]);
  const asked = layOut(shownTree(SMALL_TREE, openAll(SMALL_TREE)), {
    ...NAMES,
    ask: () => ({ subject: "colour", test: "is red", yes: "right" }),
  });
  assert.deepEqual(asked.lines.filter(({ from }) => from === 0).map(({ answer }) => answer), ["no", "yes"]);
});

Deno.test("boxes have names for those who do not see them", () => {
  const nameOf = (index: number) => LAYOUT.boxes.find(({ shown }) => shown.index === index)?.name;
  assert.equal(nameOf(0), "worst area ≤ 880.8 ? 569 rows, 63 % benign");
  assert.equal(nameOf(2), "benign 340 of 342 rows. An answer");
  const closed = layOut(shownTree(SMALL_TREE, new Set([0])), NAMES);
  assert.match(closed.boxes[1]?.name ?? "", /378 rows \+ 2 boxes below, 93 % benign$/);
  assert.equal(nameOf(6), "malignant all 180 rows. An answer");
  assert.equal(askNames({ features: [] }, "channel")(812, 0.5).subject, "channel 812");
});

Deno.test("majorityOf() knows ties and empty nodes", () => {
  const node = (counts: number[]) => ({ ...(ROOT ?? assert.fail()), counts });
  assert.deepEqual([
    majorityOf(node([5, 5]), SMALL_CLASSES).name,
    majorityOf(node([5, 5]), SMALL_CLASSES).purity,
  ], [
    "malignant",
    0,
  ]);
  assert.deepEqual([
    majorityOf(node([0, 0]), SMALL_CLASSES).share,
    majorityOf(node([0, 7]), SMALL_CLASSES).purity,
  ], [
    0,
    1,
  ]);
});

Deno.test("treeSvg() writes a whole document: every box, every answer, the classes, and what is closed", () => {
  const { text, width, height } = treeSvg(LAYOUT, {
    title: "Decision tree",
    classes: SMALL_CLASSES,
    lit: NONE,
  });
  assertWellFormed(text);
  assert.match(
    text,
    new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`),
  );
  assert.equal(text.match(/rx="10" fill="#[0-9a-f]{6}" stroke="#878e96"/g)?.length, 7);
  assert.equal(text.match(/>(yes|no)</g)?.length, 6);
  const closed = layOut(shownTree(SMALL_TREE, new Set([0])), NAMES);
  assert.match(treeSvg(closed, { title: "", classes: [], lit: NONE }).text, />2 more</);
});

Deno.test("treeSvg() darkens the path of a row", () => {
  const { text } = treeSvg(LAYOUT, { title: "t", classes: SMALL_CLASSES, lit: new Set([0, 4, 6]) });
  assert.equal(text.match(/stroke="#15181b" stroke-width="3"/g)?.length, 3);
  assert.equal(text.match(/fill="none" stroke="#15181b"/g)?.length, 2);
});

Deno.test("treeSvg() writes names from outside as text, whatever they hold", () => {
  const name = `</text><script>alert("1")</script>&\u0000\ud800`;
  const names = { ...NAMES, classes: [name, name], ask: askNames({ features: [name, name] }) };
  const { text } = treeSvg(layOut(shownTree(SMALL_TREE, openAll(SMALL_TREE)), names), {
    title: name,
    classes: [name],
    lit: NONE,
  });
  assertWellFormed(text);
  assert.doesNotMatch(text, /<script|(?!\n)\p{Cc}/u);
});
