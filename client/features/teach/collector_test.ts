/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Collector, MAX_WAITING, PICTURE_STEP_MS } from "./collector.ts";

/** A collector whose clock is turned by hand. */
function collecting({ still = false, waiting = 0 } = {}) {
  const taken: string[] = [];
  let holds = 0;
  const steps = new Set<() => void>();
  const collector = new Collector({
    picture: () => new Blob(["x"]),
    isStill: () => still,
    waiting: () => waiting,
    nextHold: () => ++holds,
    onPicture: (classKey, hold) => taken.push(`${classKey} ${hold}`),
    every(ms, run) {
      assert.equal(ms, PICTURE_STEP_MS);
      steps.add(run);
      return () => steps.delete(run);
    },
  });
  return { collector, taken, tick: () => steps.forEach((run) => run()) };
}

Deno.test("a class that is held gets a picture at once and one with every step until it is released", () => {
  const { collector, taken, tick } = collecting();
  collector.hold("mug");
  assert.equal(collector.held, "mug");
  tick();
  tick();
  collector.release();
  tick();
  assert.deepEqual(taken, ["mug 1", "mug 1", "mug 1"]);
  assert.equal(collector.held, null);
});

Deno.test("another class takes the place of the one that is held, and the same one changes nothing", () => {
  const { collector, taken, tick } = collecting();
  collector.hold("mug");
  collector.hold("mug");
  collector.hold("phone");
  tick();
  assert.deepEqual(taken, ["mug 1", "phone 2", "phone 2"]);
});

Deno.test("a picture that stands still is taken once for each press", () => {
  const { collector, taken, tick } = collecting({ still: true });
  collector.hold("mug");
  tick();
  tick();
  assert.deepEqual(taken, ["mug 1"]);
});

Deno.test("nothing is taken while as many pictures wait as may", () => {
  const { collector, taken, tick } = collecting({ waiting: MAX_WAITING });
  collector.hold("mug");
  tick();
  assert.deepEqual(taken, []);
});
