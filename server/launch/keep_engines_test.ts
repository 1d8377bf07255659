import assert from "node:assert/strict";
import { FakeClock, settle } from "../clock/testing/fake_clock.ts";
import { keepEngines, MAX_FURTHER } from "./keep_engines.ts";
import type { KeptProcess } from "./keep_running.ts";

/** A process that asks for another one, or ends, when the test says so. */
interface FakeProcess extends KeptProcess {
  want(): void;
  exit(code: number): Promise<void>;
  readonly killed: boolean;
}

function setUp() {
  const clock = new FakeClock();
  const started: FakeProcess[] = [];
  const faults: string[] = [];
  let broken = false;
  const start = (want: () => void): KeptProcess => {
    if (broken) throw new Error("no memory");
    const { promise, resolve } = Promise.withResolvers<{ code: number }>();
    let killed = false;
    const process: FakeProcess = {
      want,
      status: promise,
      get killed() {
        return killed;
      },
      kill() {
        killed = true;
        resolve({ code: 137 });
      },
      async exit(code) {
        resolve({ code });
        await settle();
      },
    };
    started.push(process);
    return process;
  };
  const kept = keepEngines({ clock, start, onFault: (reason) => void faults.push(reason) });
  return { kept, clock, started, faults, break: () => broken = true };
}

Deno.test("keepEngines() starts one process, and another one whenever the server wants it", async () => {
  const { kept, started, clock, faults } = setUp();
  assert.equal(started.length, 1);
  await clock.advance(2_000);
  started[0]?.want();
  started[1]?.want();
  assert.equal(started.length, 3);
  await started[1]?.exit(1);
  assert.equal(started.length, 3, "one that was asked for is not started again");
  await started[0]?.exit(1);
  assert.equal(started.length, 4, "the first one is");
  assert.deepEqual(faults, []);
  await kept.end();
  assert.deepEqual(started.map(({ killed }) => killed), [false, false, true, true]);
});

Deno.test("keepEngines() bounds how many there are, and has room again when one ends", async () => {
  const { kept, started } = setUp();
  for (let count = 0; count < 2 * MAX_FURTHER; count++) started[0]?.want();
  assert.equal(started.length, 1 + MAX_FURTHER);
  await started.at(-1)?.exit(0);
  started[0]?.want();
  assert.equal(started.length, 2 + MAX_FURTHER);
  await kept.end();
});

Deno.test("keepEngines() says why another process cannot be started, and starts none once it is retired", async () => {
  const { kept, started, faults, ...rest } = setUp();
  rest.break();
  started[0]?.want();
  assert.deepEqual([started.length, faults], [1, ["no memory"]]);
  kept.retire();
  started[0]?.want();
  assert.equal(faults.length, 1);
  await kept.end();
});
