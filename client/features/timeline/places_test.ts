/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { placesIn, spanFor, ticksOf, timeAt, xOf } from "./places.ts";
import { filmTimes } from "./film_times.ts";
import { StreamClock } from "./stream_clock.ts";
import { momentAt } from "./testing/moments.ts";
import { thumbnailMoments } from "./thumbnails.ts";

Deno.test("the rows of the timeline stand below each other and fill its height", () => {
  for (const [kind, height] of [["compact", 44], ["open", 160], ["picture", 300]] as const) {
    const { lines, bands, thumbnails, axis } = placesIn(kind, 400, height);
    const rows = [lines, bands, thumbnails, axis].filter((row) => row.height > 0);
    for (const [place, row] of rows.entries()) {
      const end = row.top + row.height;
      assert.ok(end <= (rows[place + 1]?.top ?? height), `${kind}, row ${place}`);
    }
    assert.ok(lines.height >= 28, `${kind}: ${lines.height}`);
    const last = rows.at(-1);
    assert.ok(last !== undefined && height - last.top - last.height <= 2, kind);
  }
});

Deno.test("places and times are each other's inverse, and no time lies outside", () => {
  const window = { endMs: 100_000, spanMs: 60_000 };
  assert.equal(timeAt(window, 300, xOf(window, 300, 70_000)), 70_000);
  assert.deepEqual([timeAt(window, 300, -20), timeAt(window, 300, 999)], [40_000, 100_000]);
});

Deno.test("the timeline begins with half a minute and grows to two", () => {
  assert.deepEqual([0, 30_000, 30_001, 60_001, 500_000].map(spanFor), [
    30_000,
    30_000,
    60_000,
    120_000,
    120_000,
  ]);
  assert.deepEqual(ticksOf(120_000).map(([, words]) => words), ["2 min ago", "1:30", "1 min", "30 s", "now"]);
  assert.deepEqual(ticksOf(30_000).map(([, words]) => words), ["30 s ago", "20 s", "10 s", "now"]);
});

Deno.test("thumbnails stay with their times while these move to the left", () => {
  const picture = new Blob(["jpeg"]);
  const moments = [0, 2_000, 9_000, 9_500, 21_000].map((atMs) => momentAt(atMs, { picture }));
  const slots = (endMs: number) =>
    thumbnailMoments(moments, { endMs, spanMs: 60_000 }, 600, 98).map((
      { fromMs, moment },
    ) => [fromMs, moment.atMs]);
  assert.deepEqual(slots(22_000), [[0, 0], [20_000, 21_000]]);
  assert.deepEqual(slots(25_000), slots(22_000));
  assert.deepEqual(thumbnailMoments(moments, { endMs: 0, spanMs: 60_000 }, 600, 0), []);
});

Deno.test("a picture that stands still has a thumbnail wherever it holds", () => {
  const picture = new Blob();
  const moments = [momentAt(0, { picture }), momentAt(12_000, { picture, untilMs: 35_000 })];
  const shown = thumbnailMoments(moments, { endMs: 35_000, spanMs: 60_000 }, 600, 98);
  assert.deepEqual(shown.map(({ fromMs, moment }) => [fromMs, moment.atMs]), [[0, 0], [10_000, 12_000], [
    20_000,
    12_000,
  ], [30_000, 12_000]]);
});

Deno.test("a replay keeps the times of its moments, and leaves interruptions out", () => {
  const times = [500, 600, 900, 8_900, 9_000].map((atMs) => ({ atMs, untilMs: atMs }));
  const { begins } = filmTimes(times, { fromMs: 0, toMs: 9_000 });
  assert.deepEqual(begins.map((seconds) => seconds.toFixed(1)), [
    "0.0",
    "0.1",
    "0.4",
    "1.4",
    "1.5",
  ]);
});

Deno.test("the timeline's clock stands while the picture is frozen, and loses nothing", () => {
  const clock = new StreamClock();
  assert.equal(clock.at(1_000), 1_000);
  clock.stand(1_000);
  clock.stand(3_000);
  assert.deepEqual([clock.at(5_000), clock.stands], [1_000, true]);
  clock.run(6_000);
  clock.run(7_000);
  assert.deepEqual([clock.at(6_500), clock.stands], [1_500, false]);
});
