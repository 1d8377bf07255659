/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { steadyClarity, UNCLEAR_FOR_MS, type UnclearSince } from "./steady_clarity.ts";

Deno.test("steadyClarity() says at once what a held picture's map is", () => {
  const { shown } = steadyClarity(null, { clarity: "points", still: true, nowMs: 0 });
  assert.equal(shown, "points");
});

Deno.test("steadyClarity() waits until a moving picture's maps have been unclear for a second", () => {
  let since: UnclearSince = null;
  const at = (nowMs: number, clarity: "clear" | "points") => {
    const next = steadyClarity(since, { clarity, still: false, nowMs });
    since = next.since;
    return next.shown;
  };
  assert.equal(at(0, "points"), "clear");
  assert.equal(at(UNCLEAR_FOR_MS - 1, "points"), "clear");
  assert.equal(at(UNCLEAR_FOR_MS, "points"), "points");
  assert.equal(at(UNCLEAR_FOR_MS + 250, "clear"), "clear");
  assert.equal(at(UNCLEAR_FOR_MS + 500, "points"), "clear");
});
