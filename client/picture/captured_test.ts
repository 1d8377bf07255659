/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { capturedAt } from "./captured.ts";

Deno.test("capturedAt() believes a camera's capture time up to the clock itself", () => {
  assert.equal(capturedAt(990, 1000, 1010), 990);
  assert.equal(capturedAt(1008, 1000, 1010), 1008);
});

Deno.test("capturedAt() takes the callback's time where there is none or it cannot be", () => {
  assert.equal(capturedAt(undefined, 1000, 1010), 1000);
  assert.equal(capturedAt(1011, 1000, 1010), 1000);
  assert.equal(capturedAt(509, 1000, 1010), 1000);
});
