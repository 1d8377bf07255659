/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { timelineCsv } from "./csv.ts";
import { momentAt, row } from "./testing/moments.ts";

Deno.test("the timeline's CSV has a line for each moment and class, and no formula", () => {
  const rows = [row(1, '=HYPERLINK("x"), one', 0.75), row(2, "two", 0.25)];
  const first = momentAt(1_000, { rows });
  const locked = { ...first, atMs: 2_500, capturedMs: 2_500 };
  const text = timelineCsv(
    [first, { ...locked, result: { ...locked.result, target: row(9, "nine", 0.001) } }],
    Date.UTC(2026, 0, 1),
  );
  assert.deepEqual(text.split("\r\n"), [
    "time,seconds,rank,class,label,probability,unsure,explained,method,layer,model",
    `2026-01-01T00:00:01.000Z,0.000,1,1,"'=HYPERLINK(""x""), one",0.7500,0,1,grad-cam,,tiny`,
    "2026-01-01T00:00:01.000Z,0.000,2,2,two,0.2500,0,0,grad-cam,,tiny",
    `2026-01-01T00:00:02.500Z,1.500,1,1,"'=HYPERLINK(""x""), one",0.7500,0,0,grad-cam,,tiny`,
    "2026-01-01T00:00:02.500Z,1.500,2,2,two,0.2500,0,0,grad-cam,,tiny",
    "2026-01-01T00:00:02.500Z,1.500,0,9,nine,0.0010,0,1,grad-cam,,tiny",
    "",
  ]);
});
