import assert from "node:assert/strict";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import type { Attribution } from "../methods/method.ts";
import { BATCH_MS, frameRow, GateEngine, makeJob } from "./testing/gate_engine.ts";
import { HOLD_ROWS } from "./_holds.ts";
import { Scheduler } from "./scheduler.ts";

const GATE = "gate";

function setUp(): { engine: GateEngine; scheduler: Scheduler; clock: FakeClock } {
  const engine = new GateEngine();
  const clock = new FakeClock();
  const scheduler = new Scheduler({ clock });
  scheduler.serve(GATE, engine);
  return { engine, clock, scheduler };
}

Deno.test("Scheduler runs a job's groups one after the other and reports what comes", async () => {
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

Deno.test("Scheduler continues with tiles when the frames that they wait for do not come", async () => {
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

Deno.test("T5: Scheduler puts the first rows of jobs that start together into one batch, and shares out what it cost", async () => {
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
  void scheduler.admit({ viewer: "a", frame: 2, model: GATE, format: "png", bytes: new Uint8Array() });
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

Deno.test("Scheduler fails every job of a batch that the engine lost, and continues", async () => {
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

/** A frame of a moving picture whose map grows, and the predictions that stand in for it. */
function growing(
  frame: number,
  groups: readonly number[][],
  until: "map" | "row" | "never" = "map",
  revision = 1,
) {
  const glance = makeJob("a", frame, []);
  const hold = { pane: 0, revision, until, glance: glance.job.attribution };
  return makeJob("a", frame, groups, { still: false, hold });
}

/** Time in which every tile comes due, in ms. */
const LONG_MS = 200;

Deno.test("G4: a map that grows is held while newer frames are predicted alone, and the next one follows it", async () => {
  const { engine, scheduler, clock } = setUp();
  const first = growing(1, [[0], [1], [2]]);
  const handle = scheduler.submit(first.job);
  await engine.pass();
  handle.supersede();
  const second = growing(2, [[7]]);
  scheduler.submit(second.job);
  for (const tile of [0, 1, 2]) {
    await clock.advance(LONG_MS);
    while (!engine.computing.includes(`t1.${tile}`)) await engine.pass();
    await engine.pass();
  }
  assert.deepEqual(first.told, ["ranking", "tile of 1", "tile of 1", "tile of 1", "closed", "done"]);
  assert.deepEqual(second.told, ["ranking"], "the ranking once, though its map begins with that row again");
  await clock.advance(LONG_MS);
  await engine.pass();
  assert.deepEqual(second.told, ["ranking", "tile of 1", "closed", "done"]);
});

Deno.test("G4: a held map gives way once it has had its time and rows enough", async () => {
  const { engine, scheduler, clock } = setUp();
  const first = growing(1, Array.from({ length: 100 }, (_, tile) => [tile]));
  const handle = scheduler.submit(first.job);
  await engine.pass();
  handle.supersede();
  scheduler.submit(growing(2, []).job);
  while (!first.told.includes("closed")) {
    await clock.advance(LONG_MS);
    if (engine.computing !== "") await engine.pass();
  }
  const tiles = first.told.filter((one) => one.startsWith("tile"));
  assert.equal(tiles.length, HOLD_ROWS);
});

Deno.test("G4: a held map gives way when newer frames show something else, after a row more", async () => {
  for (const [shown, rows] of [[100, HOLD_ROWS], [200, 1]] as const) {
    const { engine, scheduler, clock } = setUp();
    const first = growing(1, Array.from({ length: 100 }, (_, tile) => [tile]));
    const admit = (frame: number, byte: number) =>
      scheduler.admit({ viewer: "a", frame, model: GATE, format: "png", bytes: Uint8Array.of(byte) });
    const handle = scheduler.submit(first.job);
    await admit(1, 100);
    await engine.pass();
    handle.supersede();
    scheduler.submit(growing(2, []).job);
    await admit(2, shown);
    while (!first.told.includes("closed")) {
      await clock.advance(LONG_MS);
      if (engine.computing !== "") await engine.pass();
    }
    assert.equal(first.told.filter((one) => one.startsWith("tile")).length, rows);
  }
});

Deno.test("G4: of a method that carries what it measured only the row that waits is held, the newest frame's", async () => {
  const { engine, scheduler } = setUp();
  const all = [1, 2, 3].map((frame) => growing(frame, [[0], [1]], "row"));
  /** As a viewer does who has a newer frame in the slot. */
  const begin = (index: number): void => {
    const one = all[index];
    if (one === undefined) return;
    const ranking = () => {
      one.told.push("ranking");
      handle.supersede();
      begin(index + 1);
    };
    const handle = scheduler.submit({ ...one.job, listener: { ...one.job.listener, ranking } });
  };
  begin(0);
  for (const frame of [1, 2, 3]) {
    assert.equal(engine.computing, `f${frame}`);
    await engine.pass();
  }
  assert.equal(engine.computing, "t3.0");
  await engine.pass();
  assert.equal(engine.computing, "");
  assert.deepEqual(all.map(({ told }) => told), [
    ["ranking", "closed"],
    ["ranking", "closed"],
    ["ranking", "tile of 1", "closed"],
  ]);
});

Deno.test("G4: a map of one row gives way to a newer frame at once", async () => {
  const { engine, scheduler } = setUp();
  const { job, told } = growing(1, [[0], [1]], "never");
  const handle = scheduler.submit(job);
  await engine.pass();
  handle.supersede();
  await engine.pass();
  assert.deepEqual(told, ["ranking", "tile of 1", "closed"]);
  assert.equal(engine.computing, "");
});

Deno.test("G4: a still frame, another view and an end let go of what is held", async () => {
  const ends: ((scheduler: Scheduler) => void)[] = [
    (scheduler) => void scheduler.submit({ ...growing(2, [[0]]).job, still: true }),
    (scheduler) => void scheduler.submit(growing(2, [], "never", 2).job),
    (scheduler) => scheduler.submit(growing(2, [[0]]).job).retire(),
  ];
  for (const end of ends) {
    const { engine, scheduler } = setUp();
    const { job, told } = growing(1, [[0], [1], [2]]);
    const handle = scheduler.submit(job);
    await engine.pass();
    handle.supersede();
    end(scheduler);
    assert.deepEqual(told, ["ranking"], "a row is being computed");
    await engine.pass();
    assert.deepEqual(told, ["ranking", "tile of 1", "closed"]);
  }
});

Deno.test("G5: a picture is sent at once while its viewer is in credit, and waits for its turn in debt", async () => {
  const { engine, scheduler, clock } = setUp();
  engine.pictureMs = 5_000;
  const bytes = new Uint8Array();
  const admit = (viewer: string, frame: number) =>
    scheduler.admit({ viewer, frame, model: GATE, format: "png", bytes });
  await admit("a", 1);
  assert.deepEqual(engine.admitted, [1]);
  for (const frame of [7, 8, 9]) {
    scheduler.submit(makeJob("b", frame, [], { still: false }).job);
    await clock.advance(20);
    await engine.pass();
  }
  const second = admit("a", 2);
  scheduler.submit(makeJob("a", 2, [], { still: false }).job);
  assert.equal(engine.computing, "", "the row waits for its picture");
  assert.deepEqual(engine.admitted, [1]);
  while (engine.admitted.length < 2) await clock.advance(50);
  assert.ok(await second !== null);
  assert.equal(engine.computing, "f2");
  const third = admit("a", 3);
  scheduler.release(3);
  assert.equal(await third, null, "a picture that was given up");
  assert.deepEqual([engine.admitted, engine.released], [[1, 2], []]);
  await engine.pass();
});

Deno.test("G6: the server's figures say what the engine spent on whom", async () => {
  const { engine, scheduler, clock } = setUp();
  scheduler.submit(makeJob("a", 1, [[0]]).job);
  scheduler.submit(makeJob("guest 1", 2, [[0]], { guest: true }).job);
  scheduler.submit(makeJob("guest 2", 3, [], { guest: true }).job);
  while (engine.computing !== "") await engine.pass();
  const rounded = () =>
    scheduler.stats().shares.map(({ account, framesMs, tilesMs }) =>
      [account, Math.round(framesMs), Math.round(tilesMs)].join(" ")
    );
  assert.deepEqual(rounded(), ["a 20 7", "guests 13 20"]);
  await clock.advance(11_000);
  assert.deepEqual(rounded(), ["a 0 0", "guests 0 0"]);
});
