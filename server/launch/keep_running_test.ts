import assert from "node:assert/strict";
import { FakeClock, settle } from "../clock/testing/fake_clock.ts";
import { keepRunning, type KeptProcess } from "./keep_running.ts";

/** A process that ends when the test says so. */
interface FakeProcess extends KeptProcess {
  exit(code: number): Promise<void>;
}

function setUp() {
  const clock = new FakeClock();
  const started: FakeProcess[] = [];
  const faults: string[] = [];
  const start = (): KeptProcess => {
    const { promise, resolve } = Promise.withResolvers<{ code: number }>();
    const process: FakeProcess = {
      status: promise,
      kill: () => resolve({ code: 137 }),
      async exit(code) {
        resolve({ code });
        await settle();
      },
    };
    started.push(process);
    return process;
  };
  return { clock, started, faults, start, onFault: (reason: string) => void faults.push(reason) };
}

Deno.test("keepRunning() starts a process again at once when it ends after a while", async () => {
  const { start, started, faults, ...options } = setUp();
  const kept = keepRunning(start, options);
  for (let end = 1; end <= 10; end++) {
    await options.clock.advance(2_000);
    await started.at(-1)?.exit(end % 2);
    assert.equal(started.length, end + 1);
  }
  assert.deepEqual(faults, []);
  await kept.end();
  assert.equal(started.length, 11);
});

Deno.test("keepRunning() pauses longer each time that the process ends early, and says so of failures", async () => {
  const { start, started, faults, clock, onFault } = setUp();
  const kept = keepRunning(start, { clock, onFault });
  for (const pauseMs of [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]) {
    const count = started.length;
    await started.at(-1)?.exit(1);
    await clock.advance(pauseMs - 1);
    assert.equal(started.length, count);
    await clock.advance(1);
    assert.equal(started.length, count + 1);
  }
  assert.equal(faults.length, 9);
  assert.equal(faults[0], "it ended with code 1");
  // Once one has lived for a while the pauses are short again; an end that was asked for is no fault.
  await clock.advance(1_000);
  await started.at(-1)?.exit(1);
  await started.at(-1)?.exit(0);
  await clock.advance(100);
  assert.deepEqual([started.length, faults.length], [12, 9]);
  await kept.end();
  assert.equal(clock.pending, 0);
});

Deno.test("keepRunning() tries again when the process cannot be started", async () => {
  const { start, started, faults, clock, onFault } = setUp();
  let broken = true;
  const kept = keepRunning(() => {
    if (broken) throw new Error("no memory");
    return start();
  }, { clock, onFault });
  assert.deepEqual([started.length, faults], [0, ["no memory"]]);
  broken = false;
  await clock.advance(100);
  assert.equal(started.length, 1);
  await kept.end();
});

Deno.test("a process that is retired is not started again, neither at once nor after its pause", async () => {
  const { start, started, clock, onFault } = setUp();
  const kept = keepRunning(start, { clock, onFault });
  await clock.advance(2_000);
  kept.retire();
  await started.at(-1)?.exit(0);
  assert.equal(started.length, 1);
  const other = keepRunning(start, { clock, onFault });
  await started.at(-1)?.exit(1);
  other.retire();
  await clock.advance(60_000);
  assert.equal(started.length, 2);
  await other.end();
});
