/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { LogEntry } from "./api.ts";
import { neighboursOf } from "./neighbours.ts";

const entry = (id: number): LogEntry => ({
  id,
  start: "2026-11-26T12:00:00Z",
  end: "2026-11-26T12:00:05Z",
  frames: 5,
  classIndex: 967,
  label: "espresso",
  peak: 0.9,
  mean: 0.8,
  method: "grad-cam",
  modelId: "m",
  modelName: "Tiny",
  modelHash: "h",
  taughtHead: null,
  map: null,
});

Deno.test("neighboursOf() finds what stands before and after", () => {
  const entries = [entry(9), entry(7), entry(4)];
  const ids = (id: number) => {
    const { newer, older } = neighboursOf(entries, { id });
    return [newer?.id ?? null, older?.id ?? null];
  };
  assert.deepEqual([9, 7, 4, 5].map(ids), [[null, 7], [9, 4], [7, null], [null, null]]);
});
