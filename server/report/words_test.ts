import assert from "node:assert/strict";
import { counted, fileName, formatShare, formatTime, formatValue } from "./words.ts";

Deno.test("formatValue() keeps the digits that help and a real minus", () => {
  assert.deepEqual([0, -0, 1234.5, -12.345, 0.01234, 0.0000123].map(formatValue), [
    "0",
    "0",
    "1235",
    "−12.35",
    "0.012",
    "1.2e−5",
  ]);
});

Deno.test("formatShare() never makes zero of what is above it", () => {
  assert.deepEqual([0, 0.0001, 0.5, 1].map(formatShare), ["0.0 %", "<0.1 %", "50.0 %", "100.0 %"]);
});

Deno.test("formatTime() goes over to seconds", () => {
  assert.deepEqual([12.4, 999, 1_500].map(formatTime), ["12 ms", "999 ms", "1.5 s"]);
});

Deno.test("counted() and fileName() word what is counted and named", () => {
  assert.deepEqual([counted(1, "class"), counted(2, "class"), counted(3, "map")], [
    "1 class",
    "2 classes",
    "3 maps",
  ]);
  assert.deepEqual([fileName("a/b.png"), fileName("c:\\d.png"), fileName("e.png")], [
    "b.png",
    "d.png",
    "e.png",
  ]);
});
