/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Newest } from "./newest.ts";

Deno.test("Newest.begin() lets only the one that was begun last count", () => {
  const opening = new Newest();
  const isNewest = opening.begin();
  assert.ok(isNewest());
  const isNewer = opening.begin();
  assert.deepEqual([isNewest(), isNewer()], [false, true]);
});
