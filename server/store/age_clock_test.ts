import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { AgeClock, CLOCK_TABLE, clockMemoryOf, noClockMemory } from "./age_clock.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Clocks of a machine that is started again: the monotonic one begins at another number. */
function clocksFrom(startMs: number) {
  const at = { wallMs: Date.UTC(2026, 0, 1), monotonicMs: startMs };
  return {
    at,
    clocks: { wallMs: () => at.wallMs, monotonicMs: () => at.monotonicMs },
    pass(ms: number) {
      at.wallMs += ms;
      at.monotonicMs += ms;
    },
  };
}

Deno.test("AgeClock counts on from run to run in its database", () => {
  const database = new DatabaseSync(":memory:");
  database.exec(CLOCK_TABLE);
  let clock = new AgeClock(clockMemoryOf(database), clocksFrom(0).clocks);
  const stamp = clock.stamp();
  const machine = clocksFrom(7);
  for (let run = 0; run < 3 * 24; run++) {
    machine.at.monotonicMs = run % 2 === 0 ? 5e6 : 0;
    clock = new AgeClock(clockMemoryOf(database), machine.clocks);
    for (let minute = 0; minute < 60; minute++) {
      machine.pass(60_000);
      clock.save();
    }
  }
  assert.equal(clock.stamp(), 3 * DAY);
  assert.ok(stamp < clock.olderThan(2 * DAY));
  assert.ok(stamp >= clock.olderThan(4 * DAY));
  database.close();
});

Deno.test("AgeClock takes up what was dated before there were stamps", () => {
  const machine = clocksFrom(0);
  const clock = new AgeClock(noClockMemory(), machine.clocks);
  const old = clock.stampOfDate(machine.at.wallMs - 10 * DAY);
  for (let minute = 0; minute < 24 * 60; minute += 10) {
    machine.pass(10 * 60_000);
    clock.stamp();
  }
  assert.ok(old < clock.olderThan(9 * DAY));
  assert.ok(old >= clock.olderThan(12 * DAY));
});
