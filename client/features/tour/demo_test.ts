import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { startDemo } from "./demo.ts";
import { STILL_MS } from "./demo_state.ts";
import type { RunningTour } from "./tour.ts";

/** Counts its listeners. */
class Counted extends EventTarget {
  held = 0;

  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void {
    super.addEventListener(...given);
    this.held++;
    const [, , options] = given;
    if (typeof options === "object") options.signal?.addEventListener("abort", () => this.held--);
  }
}

/** A booth without a page. */
function booth() {
  const running = signal<RunningTour | null>(null);
  const timers = new Set<() => void>();
  const events = new Counted();
  const state = { nowMs: 0, samples: [] as number[], looks: [] as boolean[], tidied: 0 };
  const leave = () => running.value = null;
  const demo = startDemo({
    tour: {
      running,
      // Nothing of a tour is called but its presence.
      start: () => running.value = Object.create(null),
      leave,
    },
    showSample: (round) => state.samples.push(round),
    tidy: () => state.tidied++,
    isBusy: () => false,
    setLook: (playing) => state.looks.push(playing),
    now: () => state.nowMs,
    every(_ms, run) {
      timers.add(run);
      return () => timers.delete(run);
    },
    events,
  });
  return { demo, running, timers, events, state, leave };
}

Deno.test("a booth shows one sample after the other for twenty rounds and holds no more than in the first", async () => {
  const { demo, timers, events, state, leave } = booth();
  const held = [events.held, timers.size];
  for (let round = 0; round < 20; round++) {
    leave();
    await Promise.resolve();
  }
  assert.deepEqual(state.samples, Array.from({ length: 21 }, (_, round) => round));
  assert.deepEqual([events.held, timers.size], held);
  demo.dispose();
  assert.deepEqual([events.held, timers.size], [0, 0]);
});

Deno.test("a touch gives the page, and a minute later the booth plays again", async () => {
  const { demo, running, timers, events, state } = booth();
  const key = new Event("keydown", { cancelable: true });
  events.dispatchEvent(key);
  await Promise.resolve();
  assert.deepEqual([key.defaultPrevented, running.value, state.looks], [true, null, [true, false]]);
  // The next key is the visitor's own.
  const next = new Event("keydown", { cancelable: true });
  state.nowMs = 5_000;
  events.dispatchEvent(next);
  assert.equal(next.defaultPrevented, false);
  state.nowMs = 5_000 + STILL_MS;
  for (const run of timers) run();
  assert.notEqual(running.value, null);
  assert.deepEqual([state.samples, state.looks, state.tidied], [[0, 1], [true, false, true], 2]);
  demo.dispose();
});
