import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BELIEVED_AFTER_MS,
  type ClockHistory,
  MAX_STEP_MS,
  NO_HISTORY,
  olderThan,
  readClock,
  stampOfDate,
  upOf,
} from "./age.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TODAY = Date.UTC(2026, 10, 30);

/** Readings every ten minutes for so long; `wall` is how far the clock is off. */
class Machine {
  history: ClockHistory = NO_HISTORY;
  trueMs = TODAY;

  run(ms: number, wrongMs = 0): void {
    this.history = readClock(this.history, this.trueMs + wrongMs, 0);
    for (let done = 0; done < ms; done += MAX_STEP_MS) this.step(MAX_STEP_MS, wrongMs);
  }

  step(ms: number, wrongMs = 0): void {
    this.trueMs += ms;
    this.history = readClock(this.history, this.trueMs + wrongMs, ms);
  }

  isOlder(stamp: number, ageMs: number): boolean {
    return stamp < olderThan(this.history, ageMs);
  }
}

Deno.test("L4: a clock that is 400 days ahead for less than a day makes nothing old", () => {
  const machine = new Machine();
  machine.run(2 * DAY);
  const stamp = upOf(machine.history);
  machine.run(2 * DAY);
  for (const wrongMs of [400 * DAY, -machine.trueMs, 400 * DAY]) {
    machine.run(23 * HOUR, wrongMs);
    assert.equal(machine.isOlder(stamp, 30 * DAY), false, "while the clock is wrong");
    machine.run(HOUR);
    assert.equal(machine.isOlder(stamp, 30 * DAY), false, "after it was wrong");
  }
  machine.run(23 * DAY);
  assert.equal(machine.isOlder(stamp, 30 * DAY), false, "28 days old");
  machine.run(4 * DAY);
  assert.equal(machine.isOlder(stamp, 30 * DAY), true, "32 days old");
});

Deno.test("L4: two readings a day apart by the monotonic clock are needed, and are enough", () => {
  const machine = new Machine();
  machine.run(DAY);
  const stamp = upOf(machine.history);
  machine.run(DAY + HOUR);
  machine.trueMs += 400 * DAY;
  machine.run(DAY - MAX_STEP_MS);
  assert.equal(machine.isOlder(stamp, 30 * DAY), false);
  machine.run(2 * MAX_STEP_MS);
  assert.equal(machine.isOlder(stamp, 30 * DAY), true);
});

Deno.test("L4: a server that is up all the time finds out on time, one that starts every hour as well", () => {
  for (const [runMs, restMs] of [[100 * DAY, 0], [HOUR, 10_000]] as const) {
    const machine = new Machine();
    machine.run(DAY);
    const [stamp, bornMs] = [upOf(machine.history), machine.trueMs];
    while (!machine.isOlder(stamp, 30 * DAY)) {
      assert.ok(
        machine.trueMs - bornMs < 31 * DAY,
        `${runMs} ms runs: ${(machine.trueMs - bornMs) / DAY} days`,
      );
      if (runMs > DAY) machine.step(MAX_STEP_MS);
      else {
        machine.run(runMs);
        machine.trueMs += restMs;
      }
    }
    assert.ok(machine.trueMs - bornMs >= 30 * DAY);
  }
});

Deno.test("L4: a server that is up for an hour a day believes a clock after 24 of them, and forgets some day", () => {
  const machine = new Machine();
  machine.run(HOUR);
  const [stamp, bornMs] = [upOf(machine.history), machine.trueMs];
  while (!machine.isOlder(stamp, 30 * DAY) && machine.trueMs - bornMs < 200 * DAY) {
    machine.trueMs += 23 * HOUR;
    machine.run(HOUR);
  }
  const days = (machine.trueMs - bornMs) / DAY;
  assert.ok(days >= 30 && days <= 30 + 2 * 24 + 2, `${days} days`);
});

Deno.test("olderThan() goes by the dates of what was kept before the first reading", () => {
  const machine = new Machine();
  machine.run(0);
  const [old, young] = [stampOfDate(machine.history, TODAY - 29 * DAY), stampOfDate(machine.history, TODAY)];
  assert.equal(stampOfDate(machine.history, TODAY + 400 * DAY), 0, "nothing is from the future");
  machine.run(DAY);
  assert.equal(machine.isOlder(old, 30 * DAY), false);
  machine.run(DAY);
  assert.deepEqual([machine.isOlder(old, 30 * DAY), machine.isOlder(young, 30 * DAY)], [true, false]);
});

Deno.test("readClock() counts no time that was not watched, and keeps its history short", () => {
  let history = readClock(NO_HISTORY, TODAY, 0);
  history = readClock(history, TODAY + 5 * DAY, 5 * DAY);
  assert.equal(upOf(history), MAX_STEP_MS);
  history = readClock(history, TODAY, -1);
  assert.equal(upOf(history), MAX_STEP_MS);
  for (let start = 0; start < 1_000; start++) {
    history = readClock(history, TODAY + start * HOUR, 0);
  }
  assert.equal(history.length, 256);
  assert.deepEqual(history, history.toSorted((one, other) => one.fromUpMs - other.fromUpMs));
});

/** What happens to a machine: it runs, its clock is set, it rests. */
const Events = fc.array(
  fc.record({
    steps: fc.integer({ min: 1, max: 200 }),
    stepMs: fc.integer({ min: MINUTE, max: 2 * MAX_STEP_MS }),
    wrongMs: fc.oneof(
      fc.constant(0),
      fc.constant(400 * DAY),
      fc.constant(-TODAY),
      fc.integer({ min: -90 * DAY, max: 90 * DAY }),
      fc.integer({ min: -2 * MINUTE, max: 2 * MINUTE }),
    ),
    restMs: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: HOUR }),
      fc.integer({ min: 0, max: 60 * DAY }),
    ),
  }),
  { minLength: 4, maxLength: 40 },
);

Deno.test("nothing younger than its age by true time is ever old, while wrong clocks last under a day", () => {
  let olds = 0;
  assertProperty(
    fc.property(Events, fc.integer({ min: HOUR, max: 40 * DAY }), (events, ageMs) => {
      const machine = new Machine();
      const born: { stamp: number; trueMs: number }[] = [];
      // The count at the last right reading; the very first one is right, or nothing could ever be known.
      let rightUpMs = 0;
      machine.run(0);
      for (const { steps, stepMs, wrongMs, restMs } of events) {
        if (restMs !== null) {
          machine.trueMs += restMs;
          machine.history = readClock(machine.history, machine.trueMs + wrongMs, 0);
        }
        for (let step = 0; step < steps; step++) {
          const nextUpMs = upOf(machine.history) + Math.min(stepMs, MAX_STEP_MS);
          // A right reading at the latest before a day is over: the next step could be too far.
          const right = wrongMs === 0 || nextUpMs + MAX_STEP_MS - rightUpMs >= BELIEVED_AFTER_MS;
          machine.step(stepMs, right ? 0 : wrongMs);
          if (right) rightUpMs = upOf(machine.history);
          if (step % 16 === 0) born.push({ stamp: upOf(machine.history), trueMs: machine.trueMs });
          if (step % 8 !== 0) continue;
          const before = olderThan(machine.history, ageMs);
          for (const { stamp, trueMs } of born) {
            if (stamp >= before) continue;
            olds++;
            assert.ok(
              machine.trueMs - trueMs >= ageMs,
              `${(machine.trueMs - trueMs) / DAY} days is too young`,
            );
          }
        }
      }
    }),
    { numRuns: 80, seed: 13 },
  );
  assert.ok(olds > 1_000, `the property held for ${olds} old ones: too few to mean anything`);
});
