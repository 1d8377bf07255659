/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { backoff, FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from "./backoff.ts";

Deno.test("backoff() doubles from 250 ms and ends at 5 s", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoff(attempt, 1)), [
    FIRST_PAUSE_MS,
    500,
    1000,
    2000,
    4000,
    LONGEST_PAUSE_MS,
    LONGEST_PAUSE_MS,
  ]);
});

Deno.test("backoff() spreads the pause over the upper half", () => {
  assert.equal(backoff(3, 0), 1000);
  assert.equal(backoff(3, 0.5), 1500);
});
