/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { bandsOf, gapsOf } from "./bands.ts";
import { momentAt, row } from "./testing/moments.ts";
import { bandWords, notSaved } from "./words.ts";

const CUP = [row(7, "cup, mug", 0.9)];
const BOWL = [row(8, "bowl", 0.6)];

Deno.test("a change of the first class begins another band, which reaches to the next one", () => {
  const moments = [
    momentAt(0, { rows: CUP }),
    momentAt(100, { rows: [row(7, "cup, mug", 0.95)] }),
    momentAt(200, { rows: BOWL }),
    momentAt(300, { rows: BOWL }),
  ];
  const bands = bandsOf(moments).map(({ fromMs, toMs, name, peak }) => [fromMs, toMs, name, peak]);
  assert.deepEqual(bands, [[0, 200, "cup (7)", 0.95], [200, 300, "bowl", 0.6]]);
});

Deno.test("doubt, another model and an interruption end a band", () => {
  const moments = [
    momentAt(0, { rows: CUP }),
    momentAt(100, { rows: CUP, unsure: true }),
    momentAt(200, { rows: CUP, model: "other" }),
    momentAt(300, { rows: CUP, model: "other", piece: 1 }),
  ];
  const keys = bandsOf(moments).map(({ key, fromMs, toMs }) => [key, fromMs, toMs]);
  assert.deepEqual(keys, [["tiny:7", 0, 100], [null, 100, 200], ["other:7", 200, 200], [
    "other:7",
    300,
    300,
  ]]);
});

Deno.test("gaps are where nothing was seen: between pieces, in a stream that fell silent, and up to now", () => {
  const moments = [
    momentAt(0),
    momentAt(500),
    // A method that takes seconds is no gap, another piece after a second is one.
    momentAt(3_500),
    momentAt(4_600, { piece: 1 }),
    momentAt(4_700, { piece: 2 }),
    momentAt(9_000, { piece: 2, untilMs: 20_000 }),
  ];
  const gaps = gapsOf(moments, 21_000).map(({ fromMs, toMs }) => [fromMs, toMs]);
  assert.deepEqual(gaps, [[3_500, 4_600], [4_700, 9_000]]);
  assert.deepEqual(gapsOf(moments, 25_000).at(-1), { fromMs: 20_000, toMs: 25_000 });
});

Deno.test("bands read as a table, newest first", () => {
  const bands = bandsOf([
    momentAt(0, { rows: CUP, untilMs: 62_000 }),
    momentAt(62_000, { rows: BOWL, unsure: true, untilMs: 70_000 }),
  ]);
  assert.deepEqual(bandWords(bands, 70_400), [
    { began: "8 s ago", length: "8 s", name: "not sure", peak: "60 %" },
    { began: "1 min 10 s ago", length: "1 min 2 s", name: "cup (7)", peak: "90 %" },
  ]);
});

Deno.test("notSaved() passes the page's own words on, and says what to do where the browser refuses", () => {
  assert.equal(notSaved(new Error("Cannot save the film: no codec")), "Cannot save the film: no codec.");
  const refused = notSaved(new DOMException("The operation is insecure", "SecurityError"));
  assert.match(refused, /^The browser could not store this\. Let this site store data/);
});
