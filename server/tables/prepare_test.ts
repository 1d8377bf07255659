import assert from "node:assert/strict";
import { type Preparation, prepare } from "./prepare.ts";
import { readTable } from "./read_table.ts";

const read = (text: string) => readTable(new TextEncoder().encode(text), "t.csv");
const how = (some: Partial<Preparation> = {}): Preparation => ({
  target: "y",
  missing: "refuse",
  leaveOut: [],
  keep: [],
  folds: 2,
  ...some,
});
const SMALL = "n,sex,town,y\n1,m,Rome,b\n,f,Bonn,a\n3,f,,b\n5,m,Oslo,a\n7,f,Rome,\n";

Deno.test("words become one feature each, of two words there is one; classes stand in order", () => {
  const { from, described } = prepare(read(SMALL), how({ missing: "drop" }));
  assert.deepEqual(described.classes, ["a", "b"]);
  assert.deepEqual(
    described.features,
    ["n", "town = Rome"],
    "both rows that are left are of m; of two towns the second counts",
  );
  assert.deepEqual([described.rows, described.dropped, described.unnamed, described.filled], [2, 2, 1, 0]);
  assert.deepEqual([...from.labels], [1, 0]);
});

Deno.test("missing values are refused, filled with median and most frequent word, or their rows are dropped", () => {
  assert.throws(() => prepare(read(SMALL), how()), {
    code: "table-refused",
    message: /2 values are missing \(“n” 1, “town” 1\); fill them with the median/,
  });
  const { from, described, valuesOf, places, rows, labelOf } = prepare(
    read(SMALL),
    how({ missing: "median" }),
  );
  assert.deepEqual(described.features, ["n", "sex = m", "town = Bonn", "town = Oslo", "town = Rome"]);
  assert.deepEqual([described.rows, described.filled, described.unnamed], [4, 2, 1]);
  assert.deepEqual([...from.rows.values.subarray(5, 10)], [3, 0, 1, 0, 0], "the median of 1, 3 and 5 is 3");
  assert.deepEqual(
    [...from.rows.values.subarray(10, 15)],
    [3, 0, 0, 0, 1],
    "Rome comes first of those seen once",
  );
  assert.deepEqual([...places], [0, 1, 2, 3, -1]);
  assert.deepEqual([...rows], [0, 1, 2, 3]);
  assert.deepEqual([[...valuesOf(4)], labelOf(4)], [[7, 0, 0, 0, 1], -1]);
});

Deno.test("a target with one value, with too many, that is missing everywhere or not there is refused", () => {
  const many = (count: number) => Array.from({ length: count }, (_, row) => `${row % 7},${row}.5`).join("\n");
  const refusals: [string, RegExp][] = [
    ["x,y\n1,a\n2,a\n", /has the same value in every row, “a”: there is nothing to tell apart/],
    [
      `x,y\n${many(500)}`,
      /has 500 different values: expected 2 to 100 classes; numbers have to be put into groups/,
    ],
    [`x,y\n${many(3_000)}`, /has 1,000 or more different values/],
    ["x,y\n1,\n2,\n", /has no value in any row/],
    ["x,z\n1,2\n2,3\n", /no column is called “y”; there are “x”, “z”/],
    ["x,y\n1,a\n,b\n2,a\n", /all 2 without missing values are “a”/],
  ];
  for (const [text, message] of refusals) {
    assert.throws(() => prepare(read(text), how({ missing: "drop" })), { code: "table-refused", message });
  }
});

Deno.test("without a feature there is nothing to fit; constant and empty columns are none", () => {
  assert.throws(() => prepare(read("x,e,y\n1,,a\n1,,b\n"), how()), {
    message: /no column is left to tell the classes by/,
  });
  assert.throws(() => prepare(read("x,y\n1,a\n2,b\n"), how({ leaveOut: ["x"] })), {
    message: /no column is left/,
  });
  assert.throws(() => prepare(read("x,y\n1,a\n2,b\n"), how({ leaveOut: ["z"] })), {
    message: /no column is called “z”/,
  });
});

Deno.test("more features than a head takes are refused with the columns that make them", () => {
  const names = Array.from({ length: 8 }, (_, at) => `w${at}`);
  const rows = Array.from(
    { length: 200 },
    (_, row) => [...names.map((_, at) => `v${(row * (at + 1)) % 49}`), row % 2].join(","),
  );
  assert.throws(() => prepare(read(`${[...names, "y"].join(",")}\n${rows.join("\n")}`), how()), {
    message: /at most 300 features, got \d+ as words become one each; leave some of “w0”, “w1”/,
  });
});

Deno.test("a column that says the target in other words is pointed out, and a class with too few rows", () => {
  const text = "x,code,y\n1,10,a\n2,20,b\n3,10,a\n4,20,b\n5,30,c\n";
  const { described } = prepare(read(text), how());
  assert.deepEqual(described.warnings.map(({ kind, column }) => [kind, column]), [
    ["equals-target", "code"],
    ["rare-class", "y"],
  ]);
  assert.deepEqual(prepare(read(text), how({ leaveOut: ["code"] })).described.features, ["x"]);
});

Deno.test("numbers of rows are features only where that is asked for; numbers as classes stand in order of size", () => {
  const text = `id,x,y\n${
    Array.from({ length: 30 }, (_, row) => `${row + 1},${row % 4},${row % 3 === 0 ? 10 : 9}`).join("\n")
  }`;
  assert.deepEqual(prepare(read(text), how()).described.features, ["x"]);
  const kept = prepare(read(text), how({ keep: ["id"] })).described;
  assert.deepEqual([kept.features, kept.classes, kept.chance], [["id", "x"], ["9", "10"], 20 / 30]);
});
