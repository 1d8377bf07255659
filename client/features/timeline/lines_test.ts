/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { lineClasses, linesOf, MAX_LINES } from "./lines.ts";
import { momentAt, row } from "./testing/moments.ts";

const five = [1, 2, 3, 4, 5].map((index) => row(index, `class ${index}`, (6 - index) / 20));

Deno.test("at most four classes have lines, each in a colour of its own", () => {
  const classes = lineClasses([momentAt(0, { rows: five })], []);
  assert.deepEqual(classes.map(({ key }) => key), ["tiny:1", "tiny:2", "tiny:3", "tiny:4"]);
  assert.deepEqual(classes.map(({ colour }) => colour), [0, 1, 2, 3]);
  assert.equal(classes.length, MAX_LINES);
});

Deno.test("a class keeps line and colour until another one weighs clearly more", () => {
  const first = lineClasses([momentAt(0, { rows: five })], []);
  const rival = (probability: number) => momentAt(100, { rows: [row(9, "rival", probability)] });
  const same = lineClasses([momentAt(0, { rows: five }), rival(0.11)], first);
  assert.deepEqual(same.map(({ key }) => key), first.map(({ key }) => key));
  const other = lineClasses([momentAt(0, { rows: five }), rival(0.9)], first);
  assert.deepEqual(other.map(({ key, colour }) => [key, colour]), [
    ["tiny:9", 3],
    ["tiny:1", 0],
    ["tiny:2", 1],
    ["tiny:3", 2],
  ]);
});

Deno.test("a class without weight has no line, the one that is explained has one", () => {
  const faint = momentAt(0, { rows: [row(1, "one", 0.9), row(2, "two", 0.01)] });
  assert.deepEqual(lineClasses([faint], []).map(({ key }) => key), ["tiny:1"]);
  const locked = { ...faint, result: { ...faint.result, target: row(5, "five", 0.06) } };
  assert.deepEqual(lineClasses([locked], []).map(({ key }) => key), ["tiny:1", "tiny:5"]);
});

Deno.test("a line breaks where the stream did, and where another model took over", () => {
  const rows = (probability: number) => ({ rows: [row(1, "one", probability)] });
  const moments = [
    momentAt(0, rows(0.1)),
    momentAt(100, rows(0.2)),
    momentAt(200, { ...rows(0.3), piece: 1, untilMs: 900 }),
    momentAt(1_000, { ...rows(0.4), piece: 1, model: "other" }),
    momentAt(1_100, { rows: [row(2, "two", 0.5)], piece: 1 }),
  ];
  const [line] = linesOf(moments, [{ key: "tiny:1", model: "tiny", index: 1, name: "one", colour: 0 }]);
  assert.deepEqual(line?.strokes, [[[0, 0.1], [100, 0.2]], [[200, 0.3], [900, 0.3]], [[1_100, 0]]]);
});
