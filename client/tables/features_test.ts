/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { TableColumn } from "../../shared/table_wire.ts";
import { askOf, changed, featureColumns, noteWords, partsOf, valueWords, wordOf } from "./features.ts";

function column(name: string, kind: TableColumn["kind"]): TableColumn {
  return { name, kind, missing: 0, distinct: 3, range: null, values: [], target: false, leftOut: null };
}

const COLUMNS = [
  column("age", "number"),
  column("a", "category"),
  column("a = b", "category"),
  column("x = y", "number"),
];
const FEATURES = ["age", "a = red", "a = blue", "a = b = c", "x = y"];
const PARTS = partsOf(FEATURES, COLUMNS);
const ROW = [41.5, 0, 1, 0, 7];

Deno.test("partsOf() tells words from numbers, and columns whose names begin alike", () => {
  assert.deepEqual(PARTS, [
    { column: "age", word: null },
    { column: "a", word: "red" },
    { column: "a", word: "blue" },
    { column: "a = b", word: "c" },
    { column: "x = y", word: null },
  ]);
});

Deno.test("featureColumns() puts one-hot features together", () => {
  assert.deepEqual(featureColumns(PARTS).map(({ name, words, place }) => [name, words?.length ?? 0, place]), [
    ["age", 0, 0],
    ["a", 2, 1],
    ["a = b", 1, 3],
    ["x = y", 0, 4],
  ]);
});

Deno.test("questions about words are answered by yes on the right", () => {
  assert.deepEqual(askOf(PARTS)(2, 0.5), { subject: "a", test: "“blue”", yes: "right" });
  assert.deepEqual(askOf(PARTS)(0, 41.25), { subject: "age", test: "≤ 41.25", yes: "left" });
});

Deno.test("a row's values are numbers and words, and can be changed", () => {
  assert.deepEqual([0, 1, 2, 3].map((at) => valueWords(PARTS, ROW, at)), ["41.5", "blue", "blue", "another"]);
  assert.deepEqual([0, 1, 2].map((at) => noteWords(PARTS, ROW, at)), ["41.5", "is not red", "is blue"]);
  const [age, colour] = featureColumns(PARTS);
  assert.ok(age !== undefined && colour !== undefined);
  assert.deepEqual(changed(ROW, age, 12), [12, 0, 1, 0, 7]);
  const red = changed(ROW, colour, "red");
  assert.deepEqual([red, wordOf(PARTS, red, "a"), wordOf(PARTS, red, "a = b")], [
    [41.5, 1, 0, 0, 7],
    "red",
    null,
  ]);
});
