/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { problemObserver } from "./problems.ts";

/** What is said of an error. */
function said(code: ErrorCode, pane: number | null = null): readonly string[] {
  const words: string[] = [];
  const observer = problemObserver((text) => words.push(text));
  observer.message?.({ type: "error", code, message: "got 7", frame: null, revision: null, pane });
  return words;
}

Deno.test("problemObserver() says an error with what the server says of it", () => {
  assert.deepEqual(said("frame-corrupt"), [`${ERRORS["frame-corrupt"].words} got 7.`]);
});

Deno.test("problemObserver() leaves the disk's own words to the server's terminal", () => {
  assert.deepEqual(said("disk-full"), [ERRORS["disk-full"].words]);
});

Deno.test("problemObserver() says nothing of a pane's error, nor of one that closes the connection", () => {
  assert.deepEqual(said("frame-corrupt", 2), []);
  assert.notEqual(ERRORS.busy.close, null);
  assert.deepEqual(said("busy"), []);
});
