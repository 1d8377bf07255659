import assert from "node:assert/strict";
import { searchLabels } from "./label_search.ts";

const IMAGENET: readonly string[] = JSON.parse(
  Deno.readTextFileSync("models/efficientnet-lite0/labels.json"),
);

const LABELS = [
  "tench, Tinca tinca",
  "goldfish, Carassius auratus",
  "goldfinch, Carduelis carduelis",
  "cup",
  "teacup",
  "cr\u00e8me bru\u0302le\u0301e",
  "2",
];

const found = (query: string, labels = LABELS, limit = 8) =>
  searchLabels(labels, query, limit).map(({ index }) => index);

/** First names of what is found among ImageNet's classes. */
const named = (query: string, limit = 7) =>
  searchLabels(IMAGENET, query, limit).map(({ label }) => label.split(",")[0]);

Deno.test("searchLabels() finds whole names first, then beginnings, then ends", () => {
  assert.deepEqual(found("cup"), [3, 4]);
  assert.deepEqual(found("GOLD"), [1, 2]);
  assert.deepEqual(found("auratus"), [1]);
  assert.deepEqual(found("tinca tinca"), [0]);
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("zebra"), []);
  assert.deepEqual(searchLabels(LABELS, "c", 2).length, 2);
});

Deno.test("searchLabels() finds cats for cat, and neither a catamaran nor an oscilloscope", () => {
  const cats = named("cat", 100);
  assert.deepEqual(cats.slice(0, 5), ["tiger cat", "Persian cat", "Egyptian cat", "tabby", "Siamese cat"]);
  assert.ok(!cats.includes("catamaran") && !cats.includes("oscilloscope"), cats.join());
  assert.deepEqual(named("cata"), ["catamaran", "lynx", "cougar"]);
});

Deno.test("searchLabels() takes plurals for singulars, and the other way round", () => {
  assert.deepEqual(named("cats"), named("cat"));
  assert.deepEqual(named("cups"), ["cup", "measuring cup"]);
  for (
    const [query, first] of [
      ["mice", "mouse"],
      ["wolves", "timber wolf"],
      ["buses", "school bus"],
      ["boxes", "mailbox"],
      ["knives", "letter opener"],
      ["sunglasses", "sunglasses"],
      ["puppies", "axolotl"],
      ["swimming trunk", "swimming trunks"],
    ] as const
  ) {
    assert.equal(named(query)[0], first, query);
  }
});

Deno.test("searchLabels() takes a name in one word or two, without accents and apostrophes", () => {
  assert.deepEqual(found("tea cup")[0], 4);
  assert.equal(named("cell phone")[0], "cellular telephone");
  assert.equal(named("ladys slipper")[0], "yellow lady's slipper");
  assert.deepEqual(found("creme brulee"), [5]);
  assert.deepEqual(found("cre\u0300me"), [5]);
});

Deno.test("searchLabels() wants every word, in any order, of which each may be unfinished", () => {
  assert.deepEqual(named("cat tiger"), ["tiger cat"]);
  assert.deepEqual(named("egyptian c"), ["Egyptian cat"]);
  assert.deepEqual(named("egyptian zebra"), []);
});

Deno.test("searchLabels() finds both classes of one name, and one by its index", () => {
  assert.deepEqual(found("crane", [...IMAGENET]), [134, 517]);
  assert.deepEqual(found("maillot", [...IMAGENET]), [638, 639]);
  assert.deepEqual(found("517", [...IMAGENET]), [517]);
  assert.equal(found("517:crane", [...IMAGENET])[0], 517);
  assert.deepEqual(found("2"), [2, 6]);
});

Deno.test("searchLabels() finds the middle of a word only where nothing else fits", () => {
  assert.deepEqual(found("ldfi"), [1, 2]);
  assert.deepEqual(found("\u6bdb", ["\u4e09\u6bdb\u732b", "\u72ac"]), [0]);
  assert.deepEqual(found("+", ["+", "\u2212"]), [0]);
});

Deno.test("searchLabels() puts every class of the model that is shipped first for its own label", () => {
  for (const [index, label] of IMAGENET.entries()) {
    const first = searchLabels(IMAGENET, label, 2).map(({ index }) => index);
    assert.ok(first.includes(index), `${index} ${label}: ${first}`);
  }
});
