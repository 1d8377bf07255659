/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { nameOf } from "./labels.ts";

Deno.test("nameOf() has the index only where the server says that another class has that name", () => {
  const crane = { index: 517, label: "crane" };
  assert.equal(nameOf(crane, { sharedNames: [134, 517] }), "crane (517)");
  assert.equal(nameOf(crane, { sharedNames: [] }), "crane");
  assert.equal(nameOf(crane, null), "crane");
  assert.equal(nameOf({ index: 3, label: "" }, null), "class 3");
});
