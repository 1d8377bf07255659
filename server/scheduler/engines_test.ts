import assert from "node:assert/strict";
import { GradcastError } from "../../shared/errors.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { GateEngine, makeJob } from "./testing/gate_engine.ts";
import { SimulatedEngine, SimulatedViewer } from "./testing/simulation.ts";
import { Scheduler } from "./scheduler.ts";

/** Two models, each with an engine. */
function setUp() {
  const clock = new FakeClock();
  const scheduler = new Scheduler({ clock });
  const [one, two] = [new GateEngine(), new GateEngine()];
  scheduler.serve("one", one);
  scheduler.serve("two", two);
  return { clock, scheduler, one, two };
}

const jobOf = (model: string, frame: number, groups: readonly number[][] = []) =>
  makeJob("a", frame, groups, { model });

Deno.test("each engine has one batch in flight, and rows go to their model's alone", async () => {
  const { scheduler, one, two } = setUp();
  scheduler.submitAll([jobOf("one", 1, [[0]]).job, jobOf("two", 1, [[1]]).job]);
  assert.deepEqual([one.computing, two.computing], ["f1", "f1"]);
  await two.pass();
  assert.deepEqual([one.computing, two.computing], ["f1", "t1.1"], "the idle one continues with its own");
  await one.pass();
  assert.deepEqual([one.computing, two.computing], ["t1.0", "t1.1"]);
});

Deno.test("a frame goes to the engines that are asked for it, and leaves them when its last job has ended", async () => {
  const { scheduler, one, two } = setUp();
  const bytes = new Uint8Array([7]);
  for (const model of ["one", "two"]) {
    void scheduler.admit({ viewer: "a", frame: 1, model, format: "png", bytes });
  }
  void scheduler.admit({ viewer: "a", frame: 2, model: "one", format: "png", bytes });
  scheduler.submitAll([jobOf("one", 1).job, jobOf("two", 1).job]);
  await one.pass();
  scheduler.release(1);
  assert.deepEqual(one.released, [], "the other engine is at it");
  await two.pass();
  scheduler.release(2);
  assert.deepEqual([one.admitted, two.admitted], [[1, 2], [1]]);
  assert.deepEqual([one.released, two.released], [[1, 2], [1]]);
});

Deno.test("an engine that fails takes its own rows alone", async () => {
  const { scheduler, one, two } = setUp();
  const [mine, others] = [jobOf("one", 1), jobOf("two", 1)];
  scheduler.submitAll([mine.job, others.job]);
  await one.fail();
  await two.pass();
  assert.deepEqual(mine.told, ["closed", "failed engine-failed"]);
  assert.deepEqual(others.told, ["ranking", "closed", "done"]);
});

Deno.test("rows and pictures of a model without an engine wait for one, or fail with the reason that none comes", async () => {
  const { scheduler } = setUp();
  const late = new GateEngine();
  const job = jobOf("late", 1);
  const sketch = scheduler.admit({
    ...{ viewer: "a", frame: 1, model: "late", format: "png", bytes: new Uint8Array([9]) },
  });
  scheduler.submit(job.job);
  assert.deepEqual(job.told, []);
  scheduler.serve("late", late);
  assert.deepEqual([late.admitted, await sketch !== null], [[1], true]);
  assert.equal(late.computing, "f1");
  await late.pass();
  assert.deepEqual(job.told, ["ranking", "closed", "done"]);
  const lost = jobOf("lost", 2);
  scheduler.submit(lost.job);
  const refused = scheduler.admit({
    ...{ viewer: "a", frame: 2, model: "lost", format: "png", bytes: new Uint8Array() },
  });
  scheduler.abandon("lost", new GradcastError("model-failed", "Cannot load the model: it is broken"));
  await assert.rejects(refused, { code: "model-failed" });
  assert.deepEqual(lost.told, ["closed", "failed model-failed"]);
  const later = jobOf("lost", 3);
  scheduler.submit(later.job);
  assert.deepEqual(later.told, ["closed", "failed model-failed"]);
});

Deno.test("a model that is unloaded and loaded again continues with what waits", async () => {
  const { scheduler, one } = setUp();
  scheduler.suspend("one");
  const { job, told } = jobOf("one", 1);
  scheduler.submit(job);
  assert.equal(one.computing, "");
  const again = new GateEngine();
  scheduler.serve("one", again);
  await again.pass();
  assert.deepEqual(told, ["ranking", "closed", "done"]);
});

Deno.test("when another engine takes a place, viewers' jobs end without a word and are asked for again, of the new one", async () => {
  const { scheduler, one, two } = setUp();
  const bytes = new Uint8Array([7]);
  const picture = { viewer: "a", frame: 1, model: "one", format: "png", bytes } as const;
  void scheduler.admit(picture);
  const [known, before, others] = [jobOf("one", 1), jobOf("one", 1, [[0], [1]]), jobOf("two", 1)];
  scheduler.submit(known.job);
  await one.pass();
  scheduler.submitAll([before.job, others.job]);
  const guest = makeJob("g", -1, [[3]], { model: "one", guest: true });
  scheduler.submit(guest.job);
  const next = new GateEngine();
  scheduler.serve("one", next);
  assert.equal(before.told.includes("closed"), true);
  assert.equal(before.told.some((one) => one.startsWith("failed")), false);
  assert.equal(guest.told.at(-1), "failed engine-failed");
  assert.equal(next.computing, "", "nothing is left of what was asked of the other one");
  void scheduler.admit(picture);
  const again = jobOf("one", 1);
  scheduler.submit(again.job);
  assert.deepEqual(next.admitted, [1]);
  // What the engine before was at comes late and belongs to nothing.
  await one.pass();
  assert.equal(next.computing, "f1", "and no row of it is known");
  await next.pass();
  assert.deepEqual(again.told, ["ranking", "closed", "done"]);
  await two.pass();
  assert.deepEqual(others.told, ["ranking", "closed", "done"]);
});

/** Lets viewers of some models come all at once; returns what the engines spent on each, in ms. */
async function spentBy(models: readonly (readonly string[])[], measuredMs: number): Promise<number[]> {
  const clock = new FakeClock();
  const scheduler = new Scheduler({ clock });
  const engines = new Map<string, SimulatedEngine>();
  for (const model of new Set(models.flat())) {
    const engine = new SimulatedEngine(clock);
    engines.set(model, engine);
    scheduler.serve(model, engine);
  }
  // Viewers of one number have one account: a viewer with panes on several models.
  const viewers = models.flatMap((some, index) =>
    some.map((model, place) => {
      const engine = engines.get(model);
      if (engine === undefined) throw new Error(`no engine computes ${model}`);
      const parts = { scheduler, engine, clock, model };
      return new SimulatedViewer(index + 1, { frameMs: 20 }, parts, place);
    })
  );
  for (const viewer of viewers) viewer.next();
  await clock.advance(5_000);
  for (const engine of engines.values()) engine.spentMs.clear();
  await clock.advance(measuredMs);
  for (const viewer of viewers) viewer.stop();
  await clock.advance(5_000);
  assert.equal(clock.pending, 0, "nothing is left to do");
  return models.map((_, index) =>
    engines.values().reduce((sum, engine) => sum + (engine.spentMs.get(index + 1) ?? 0), 0)
  );
}

Deno.test("G1: one viewer alone has all engines at once", async () => {
  const [both = 0] = await spentBy([["one", "two"]], 10_000);
  assert.ok(both > 1.9 * 10_000, `${both} ms of 10,000 at each of two engines`);
});

Deno.test("G1: viewers of different models have their engines at the same time", async () => {
  const [first = 0, second = 0] = await spentBy([["one"], ["two"]], 10_000);
  assert.ok(Math.min(first, second) > 9_500, `${first} and ${second} ms`);
});

Deno.test("G1: what all engines do for one viewer counts together, so that panes on two models win nothing", async () => {
  const [greedy = 0, modest = 0] = await spentBy([["one", "two"], ["one"]], 20_000);
  assert.ok(modest > 0.75 * greedy, `${modest} ms for one model, ${greedy} ms for two`);
});
