import assert from "node:assert/strict";
import { readRange } from "./_range.ts";

Deno.test("readRange() reads a part from the beginning, from the end, and up to the end", () => {
  assert.deepEqual(readRange("bytes=0-3", 10), { kind: "part", first: 0, last: 3 });
  assert.deepEqual(readRange("bytes=4-", 10), { kind: "part", first: 4, last: 9 });
  assert.deepEqual(readRange("bytes=4-400", 10), { kind: "part", first: 4, last: 9 });
  assert.deepEqual(readRange("bytes=-3", 10), { kind: "part", first: 7, last: 9 });
  assert.deepEqual(readRange("bytes=-30", 10), { kind: "part", first: 0, last: 9 });
});

Deno.test("readRange() says what lies beyond the end", () => {
  for (const header of ["bytes=10-", "bytes=10-12", "bytes=999999999999-", "bytes=-0"]) {
    assert.deepEqual(readRange(header, 10), { kind: "beyond" }, header);
  }
});

Deno.test("readRange() takes what is no single range for the whole", () => {
  for (const header of [undefined, "", "bytes=-", "bytes=3-1", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"]) {
    assert.deepEqual(readRange(header, 10), { kind: "whole" }, header);
  }
});
