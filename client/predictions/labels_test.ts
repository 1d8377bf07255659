/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { searchLabels, shortLabel } from "./labels.ts";

const LABELS = [
  "tench, Tinca tinca",
  "goldfish, Carassius auratus",
  "goldfinch, Carduelis carduelis",
  "cup",
  "teacup",
];

Deno.test("shortLabel() gives the first of a class's names", () => {
  assert.equal(shortLabel("goldfish, Carassius auratus"), "goldfish");
  assert.equal(shortLabel("espresso"), "espresso");
});

Deno.test("searchLabels() finds whole names first, then beginnings, then parts", () => {
  const found = (query: string) => searchLabels(LABELS, query, 8).map((match) => match.index);
  assert.deepEqual(found("cup"), [3, 4]);
  assert.deepEqual(found("GOLD"), [1, 2]);
  assert.deepEqual(found("auratus"), [1]);
  assert.deepEqual(found("tinca tinca"), [0]);
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("zebra"), []);
});

Deno.test("searchLabels() gives no more than it is asked for", () => {
  assert.equal(searchLabels(LABELS, "c", 2).length, 2);
});
