import assert from "node:assert/strict";
import { Kept } from "./_kept.ts";

Deno.test("Kept gives up what was asked for longest ago", () => {
  const kept = new Kept<number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  assert.equal(kept.get("a"), 1);
  kept.set("c", 3);
  assert.deepEqual([kept.get("a"), kept.get("b"), kept.get("c")], [1, undefined, 3]);
});

Deno.test("Kept replaces an entry without giving up another", () => {
  const kept = new Kept<number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  kept.set("b", 3);
  assert.deepEqual([kept.get("a"), kept.get("b")], [1, 3]);
});
