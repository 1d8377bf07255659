/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { FilmClock } from "./film_clock.ts";

Deno.test("FilmClock begins with the first picture and no later", () => {
  const clock = new FilmClock();
  assert.equal(clock.secondsAt(5_000), 0);
  clock.begin(5_000);
  clock.begin(6_000);
  assert.equal(clock.secondsAt(7_500), 2.5);
  assert.equal(clock.secondsAt(4_000), -1);
});

Deno.test("FilmClock stands while it is paused and leaves pauses out", () => {
  const clock = new FilmClock();
  clock.begin(1_000);
  clock.pause(3_000);
  // A second pause within the first one changes nothing.
  clock.pause(4_000);
  assert.equal(clock.paused, true);
  assert.equal(clock.secondsNow(9_000), 2);
  assert.equal(clock.resume(5_000), true);
  assert.equal(clock.paused, false);
  assert.equal(clock.secondsNow(6_000), 3);
});

Deno.test("FilmClock resumes only what was paused", () => {
  const clock = new FilmClock();
  clock.begin(0);
  assert.equal(clock.resume(1_000), false);
  assert.equal(clock.secondsAt(2_000), 2);
});
