/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { classOfDigit, digitOf, ownFirst } from "./class_order.ts";

const one = (name: string, place: number) => ({ key: `c${place}`, name });
const NOTHING_FIRST = ["Nothing in particular", "mug", "phone"].map(one);

Deno.test("own classes come first and keep their order", () => {
  assert.deepEqual(ownFirst(NOTHING_FIRST).map(({ key }) => key), ["c1", "c2", "c0"]);
  const ordered = ownFirst(NOTHING_FIRST);
  assert.equal(ownFirst(ordered), ordered, "what is in order already is not copied");
});

Deno.test("own classes have 1 to 9, nothing in particular 0, and the tenth none", () => {
  const many = [...Array.from({ length: 10 }, (_, place) => one(`thing ${place}`, place)), {
    key: "n",
    name: "nothing in particular",
  }];
  assert.deepEqual(many.map(digitOf), ["1", "2", "3", "4", "5", "6", "7", "8", "9", null, "0"]);
  assert.equal(classOfDigit(many, "3"), "c2");
  assert.equal(classOfDigit(many, "0"), "n");
  assert.equal(classOfDigit(many.slice(0, 2), "0"), null);
});
