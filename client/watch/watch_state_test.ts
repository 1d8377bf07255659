/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { FIRST_WATCH, watch, type WatchEvent, type WatchState, watchWords } from "./watch_state.ts";

const after = (...events: readonly WatchEvent[]): WatchState => events.reduce(watch, FIRST_WATCH);
const closed = (code: number): WatchEvent => ({ kind: "closed", code, nowMs: 1_000, random: 1 });

Deno.test("watch() connects, reports that the presenter is away, and reconnects by itself", () => {
  assert.equal(watchWords(FIRST_WATCH), "Connecting…");
  assert.deepEqual(after({ kind: "welcomed" }), { phase: "live", away: false });
  assert.match(watchWords(after({ kind: "welcomed" }, { kind: "away", on: true })), /presenter is away/);
  const lost = after({ kind: "welcomed" }, closed(1006));
  assert.deepEqual(lost, {
    phase: "waiting",
    attempt: 1,
    retryAtMs: 1_250,
    words: "The server cannot be reached. This page tries again until it answers.",
  });
  assert.equal(watch(lost, { kind: "due" }).phase, "opening");
});

Deno.test("watch() waits longer for a show that is not there, and longer with every failure", () => {
  const unknown = after(closed(4021));
  assert.ok(unknown.phase === "waiting" && unknown.retryAtMs === 3_000);
  assert.match(unknown.words, /Nobody presents/);
  const again = [1, 2, 3, 4].reduce<WatchState>(
    (state) => watch(watch(state, { kind: "due" }), closed(4021)),
    unknown,
  );
  assert.ok(again.phase === "waiting" && again.attempt === 5 && again.retryAtMs === 5_000);
});

Deno.test("watch() ends with the show, and with what cannot get better", () => {
  const ended = after({ kind: "welcomed" }, closed(4020));
  assert.deepEqual(ended, {
    phase: "ended",
    words: "The presenter has ended the show. Ask for a new link to watch again.",
  });
  assert.equal(watch(ended, { kind: "due" }), ended);
  assert.equal(watch(ended, closed(1006)), ended);
  assert.equal(after(closed(4029)).phase, "ended");
});

Deno.test("watch() ignores what does not belong to its state", () => {
  const waiting = after(closed(1006));
  assert.equal(watch(waiting, { kind: "welcomed" }), waiting);
  assert.equal(watch(waiting, { kind: "away", on: true }), waiting);
  assert.equal(watch(waiting, closed(1006)), waiting);
});

Deno.test("H8: watch() ends where the server does not take the page, and says why", () => {
  const waiting = watch(FIRST_WATCH, { kind: "closed", code: 1006, nowMs: 0, random: 1 });
  assert.deepEqual(watch(waiting, { kind: "refused", words: "why" }), { phase: "ended", words: "why" });
});
