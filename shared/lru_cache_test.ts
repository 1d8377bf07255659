import assert from "node:assert/strict";
import { LruCache } from "./lru_cache.ts";

Deno.test("LruCache gives up what was asked for longest ago", () => {
  const kept = new LruCache<string, number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  assert.equal(kept.get("a"), 1);
  kept.set("c", 3);
  assert.deepEqual([kept.get("a"), kept.get("b"), kept.get("c")], [1, undefined, 3]);
});

Deno.test("LruCache replaces an entry without giving up another", () => {
  const kept = new LruCache<string, number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  kept.set("b", 3);
  assert.deepEqual([kept.get("a"), kept.get("b")], [1, 3]);
});

Deno.test("LruCache makes what it does not keep, once", () => {
  const cache = new LruCache<string, number>(1);
  let made = 0;
  assert.deepEqual([cache.getOrMake("a", () => ++made), cache.getOrMake("a", () => ++made)], [1, 1]);
  assert.equal(cache.getOrMake("b", () => ++made), 2);
  assert.equal(cache.getOrMake("a", () => ++made), 3);
});
