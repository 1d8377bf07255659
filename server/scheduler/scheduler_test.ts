import assert from "node:assert/strict";
import { FakeClock } from "../clock/mod.ts";
import type { Attribution } from "../methods/method.ts";
import { BATCH_MS, frameRow, GateEngine, makeJob } from "./_testing.ts";
import { Scheduler } from "./scheduler.ts";

function setUp(): { engine: GateEngine; scheduler: Scheduler; clock: FakeClock } {
  const engine = new GateEngine();
  const clock = new FakeClock();
  return { engine, clock, scheduler: new Scheduler({ engine, clock }) };
}

Deno.test("Scheduler runs a job's groups one after the other and tells what comes", async () => {
  const { engine, scheduler } = setUp();
  const { job, told } = makeJob("a", 1, [[0, 1], [2]]);
  scheduler.submit(job);
  assert.equal(engine.computing, "f1");
  await engine.pass();
  assert.equal(engine.computing, "t1.0 t1.1");
  await engine.pass();
  assert.equal(engine.computing, "t1.2");
  await engine.pass();
  assert.deepEqual(told, ["ranking", "tile of 2", "tile of 1", "closed", "done"]);
  assert.equal(engine.computing, "");
});

Deno.test("Scheduler takes a new frame before tiles that wait, and fills the batch with them", async () => {
  const { engine, scheduler } = setUp();
  scheduler.submit(makeJob("a", 1, [[0, 1, 2]]).job);
  await engine.pass();
  scheduler.submit(makeJob("b", 2, []).job);
  scheduler.submit(makeJob("c", 3, [[5]]).job);
  await engine.pass();
  assert.equal(engine.computing, "f2 f3");
  await engine.pass();
  assert.equal(engine.computing, "t3.5");
});

Deno.test("Scheduler keeps tiles out of the way of a moving picture", async () => {
  const { engine, scheduler } = setUp();
  scheduler.submit(makeJob("a", 1, [[0, 1, 2]], { still: false }).job);
  await engine.pass();
  assert.equal(engine.computing, "t1.0", "one row, as a frame may come at any moment");
});

Deno.test("Scheduler goes on with tiles when the frames that they wait for do not come", async () => {
  const { engine, scheduler, clock } = setUp();
  for (let frame = 1; frame <= 30; frame++) {
    scheduler.submit(makeJob("a", frame, [], { still: false }).job);
    await engine.pass();
    await clock.advance(10);
  }
  scheduler.submit(makeJob("a", 31, [[0], [1]], { still: false }).job);
  await engine.pass();
  assert.equal(engine.computing, "t31.0");
  await engine.pass();
  assert.equal(engine.computing, "", "a frame is due");
  await clock.advance(200);
  assert.equal(engine.computing, "t31.1");
  await engine.pass();
  assert.equal(clock.pending, 0);
});

Deno.test("Scheduler puts the first rows of jobs that start together into one batch, and shares out what it cost", async () => {
  const { engine, scheduler } = setUp();
  const costs: number[] = [];
  const jobs = [[0], [1]].map((group) => {
    const { job } = makeJob("a", 1, [group], {});
    return {
      ...job,
      listener: { ...job.listener, done: (_map: unknown, costMs: number) => costs.push(costMs) },
    };
  });
  scheduler.submitAll(jobs);
  assert.equal(engine.computing, "f1", "both wait for the same row");
  await engine.pass();
  assert.equal(engine.computing, "t1.0 t1.1");
  await engine.pass();
  assert.deepEqual(costs, [BATCH_MS / 2 + BATCH_MS / 2, BATCH_MS / 2 + BATCH_MS / 2]);
});

Deno.test("Scheduler computes identical probes once, and the unchanged frame once for good", async () => {
  const { engine, scheduler } = setUp();
  const first = makeJob("a", 1, [[0]]);
  const second = makeJob("b", 1, [[0]]);
  scheduler.submit(first.job);
  scheduler.submit(second.job);
  await engine.pass();
  await engine.pass();
  const third = makeJob("c", 1, [[0]]);
  scheduler.submit(third.job);
  assert.equal(engine.computing, "t1.0", "a window is not remembered, the frame's own row is");
  await engine.pass();
  assert.equal(engine.batches.flat().length, 3);
  for (const { told } of [first, second, third]) {
    assert.deepEqual(told, ["ranking", "tile of 1", "closed", "done"]);
  }
  assert.equal(scheduler.stats().shared, 3);
});

Deno.test("Scheduler starts no further rows of a retired job but delivers those under way", async () => {
  const { engine, scheduler } = setUp();
  const { job, told } = makeJob("a", 1, [[0], [1]]);
  const handle = scheduler.submit(job);
  await engine.pass();
  handle.retire();
  await engine.pass();
  assert.deepEqual(told, ["ranking", "tile of 1", "closed"]);
  assert.equal(engine.computing, "");
});

Deno.test("Scheduler lets a retired job finish with rows that are known", async () => {
  const { engine, scheduler } = setUp();
  const told: string[] = [];
  const handle = { retire: () => {} };
  function* attribution(): Attribution {
    const [row] = yield { kind: "probes", lane: "frame", probes: [frameRow(1)] };
    yield { kind: "ranking", logits: row?.logits ?? new Float32Array() };
    yield { kind: "probes", lane: "frame", probes: [frameRow(1)] };
    return { classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() };
  }
  const { job } = makeJob("a", 1, []);
  const listener = { ...job.listener, ranking: () => handle.retire(), done: () => told.push("done") };
  handle.retire = scheduler.submit({ ...job, attribution: attribution(), listener }).retire;
  await engine.pass();
  assert.deepEqual(told, ["done"]);
});

Deno.test("Scheduler ends a retired job at once when none of its rows is under way", async () => {
  const { engine, scheduler } = setUp();
  scheduler.submit(makeJob("a", 1, [[0]]).job);
  await engine.pass();
  const { job, told } = makeJob("b", 2, [[0]]);
  scheduler.submit(job).retire();
  assert.deepEqual(told, ["closed"]);
  await engine.pass();
  assert.equal(engine.computing, "");
});

Deno.test("Scheduler releases a frame when its last job has ended", async () => {
  const { engine, scheduler } = setUp();
  const handle = scheduler.submit(makeJob("a", 1, [[0], [1]]).job);
  await engine.pass();
  handle.retire();
  scheduler.release(1);
  assert.deepEqual(engine.released, []);
  await engine.pass();
  assert.deepEqual(engine.released, [1]);
  scheduler.release(2);
  assert.deepEqual(engine.released, [1, 2], "a frame without a job");
});

Deno.test("Scheduler fails the job of a lost row and leaves its neighbours alone", async () => {
  const { engine, scheduler } = setUp();
  scheduler.submit(makeJob("a", 1, []).job);
  const lost = makeJob("b", 2, [[0]]);
  const kept = makeJob("c", 3, []);
  scheduler.submit(lost.job);
  scheduler.submit(kept.job);
  await engine.pass();
  await engine.pass([2]);
  assert.deepEqual(lost.told, ["closed", "failed engine-failed"]);
  assert.deepEqual(kept.told, ["ranking", "closed", "done"]);
});

Deno.test("Scheduler fails every job of a batch that the engine lost, and goes on", async () => {
  const { engine, scheduler } = setUp();
  const { job, told } = makeJob("a", 1, [[0]]);
  scheduler.submit(job);
  const waiting = makeJob("b", 2, []);
  scheduler.submit(waiting.job);
  await engine.fail();
  assert.deepEqual(told, ["closed", "failed engine-failed"]);
  assert.equal(engine.computing, "f2");
  await engine.pass();
  assert.deepEqual(waiting.told, ["ranking", "closed", "done"]);
});

Deno.test("Scheduler turns a fault of a method into a failed job", async () => {
  const { engine, scheduler } = setUp();
  function* faulty(): Attribution {
    yield { kind: "probes", lane: "frame", probes: [frameRow(1)] };
    throw new TypeError("a fault of the method");
  }
  const { job, told } = makeJob("a", 1, []);
  scheduler.submit({ ...job, attribution: faulty() });
  await engine.pass();
  assert.deepEqual(told, ["failed server-fault"]);
});

Deno.test("Scheduler learns the cost of a row", async () => {
  const { engine, scheduler } = setUp();
  for (let frame = 1; frame <= 60; frame++) {
    scheduler.submit(makeJob("a", frame, []).job);
    await engine.pass();
  }
  assert.ok(Math.abs(scheduler.stats().rowMs - BATCH_MS) < 0.01);
});
