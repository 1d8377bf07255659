/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { resultOf } from "../../../film/testing/seen_frames.ts";
import { MAX_RESULTS, RecentResults } from "./recent_results.ts";

Deno.test("RecentResults returns a frame's own result, or else the newest", () => {
  const results = new RecentResults();
  assert.equal(results.of(1), null);
  results.add(resultOf(1, "cup"));
  results.add(resultOf(2, "mug"));
  assert.equal(results.of(1)?.frame, 1);
  assert.equal(results.of(9)?.frame, 2);
});

Deno.test("RecentResults forgets the oldest of too many", () => {
  const results = new RecentResults();
  for (let frame = 1; frame <= MAX_RESULTS + 1; frame++) results.add(resultOf(frame, "cup"));
  assert.equal(results.of(1)?.frame, MAX_RESULTS + 1);
  assert.equal(results.of(2)?.frame, 2);
});
