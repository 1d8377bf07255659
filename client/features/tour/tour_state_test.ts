import assert from "node:assert/strict";
import { firstStep, PATIENCE_MS, TOUR_STEPS, toured, type TourState } from "./tour_state.ts";

const tick = (nowMs: number, part: { live?: boolean; shown?: boolean; letters?: number } = {}) =>
  ({ kind: "tick", nowMs, live: true, shown: true, letters: 10, ...part }) as const;

function on(state: TourState | null): TourState {
  assert.ok(state !== null, "the tour is over");
  return state;
}

Deno.test("a tour goes forward and back, and is over after its last step", () => {
  let state = on(toured(firstStep(0, false), { kind: "back", nowMs: 1 }));
  assert.equal(state.step, "point");
  const seen: string[] = [state.step];
  for (let at = 1; at < TOUR_STEPS.length; at++) {
    state = on(toured(state, { kind: "next", nowMs: at }));
    seen.push(state.step);
  }
  assert.deepEqual(seen, [...TOUR_STEPS]);
  assert.equal(on(toured(state, { kind: "back", nowMs: 9 })).step, "unsure");
  assert.equal(toured(state, { kind: "next", nowMs: 9 }), null);
});

Deno.test("a step that somebody reads stays; what it shows is given up after a while, and still comes late", () => {
  const waiting = on(toured(firstStep(0, false), tick(PATIENCE_MS - 1, { shown: false })));
  assert.equal(waiting.readyMs, null);
  const missed = on(toured(waiting, tick(PATIENCE_MS, { shown: false })));
  assert.equal(missed.missed, true);
  const late = on(toured(missed, tick(PATIENCE_MS + 500)));
  assert.deepEqual([late.missed, late.readyMs], [false, PATIENCE_MS + 500]);
  assert.equal(on(toured(late, tick(1e9))).step, "point");
});

Deno.test("an unattended tour moves by itself when its words can have been read, and waits for the server", () => {
  let state = on(toured(firstStep(0, true), tick(100, { letters: 200 })));
  assert.equal(on(toured(state, tick(12_000, { letters: 200 }))).step, "point");
  assert.equal(on(toured(state, tick(12_100, { letters: 200 }))).step, "glow");
  state = on(toured(state, tick(60_000, { live: false })));
  assert.deepEqual([state.step, state.readyMs, state.sinceMs], ["point", null, 60_000]);
  assert.equal(on(toured(state, tick(60_000 + PATIENCE_MS - 1, { shown: false }))).readyMs, null);
});

Deno.test("an unattended tour ends even where nothing of it is to be seen", () => {
  let state: TourState | null = firstStep(0, true);
  let nowMs = 0;
  while (state !== null && nowMs < 600_000) state = toured(state, tick(nowMs += 250, { shown: false }));
  assert.equal(state, null);
  assert.ok(nowMs < TOUR_STEPS.length * (PATIENCE_MS + 6_000), `${nowMs} ms`);
});
