/** When a map's reason is measured, and what the client hears of it (PROTOCOL.md, S1, S2, S4 and S5). */
import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "../../shared/cover.ts";
import { COVER_REST_MS, MAX_BUFFERED_BYTES, REASON_PAUSE_MS } from "../../shared/limits.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import type { BatchResult } from "../engine/port.ts";
import { SKETCH_SIDE } from "../engine/sketch.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { NO_LOGGER } from "../logger/mod.ts";
import type { RawMap } from "../methods/method.ts";
import { type MeasuredReason, resolveRequest } from "../methods/mod.ts";
import { type ComputingEngine, Scheduler } from "../scheduler/mod.ts";
import { brief, Driver, frameMessage, HELLO, servedModel, VIEW, WORLD } from "./testing/driver.ts";
import { MemorySocket } from "./testing/memory_socket.ts";
import type { Effect, Work } from "./state.ts";
import { Viewer } from "./viewer.ts";

const MAP: RawMap = { classIndex: 0, layer: "head", height: 1, width: 1, values: Float32Array.of(2) };
const CAT: Prediction = { index: 0, label: "cat, house cat", logit: 3, probability: 0.7 };
const PICTURE = Uint8Array.of(0xff, 0xd8, 0xff, 7);
const REASON: MeasuredReason = { target: CAT, first: CAT, region: null, steps: [] };

/** A session that has asked for reasons. */
function asking(): Driver {
  const driver = Driver.greeted();
  assert.deepEqual(driver.text('{"type":"reasons","on":true}'), []);
  return driver;
}

function workOf(effects: readonly Effect[]): Work {
  for (const effect of effects) if (effect.kind === "explain") return effect.work;
  return assert.fail("nothing is explained");
}

/** Finishes the map of a frame. */
function explained(
  driver: Driver,
  id: number,
  still = false,
): { readonly work: Work; readonly effects: readonly Effect[] } {
  const work = workOf(driver.frame(id, { still }));
  driver.ranking(id, driver.live.request.revision);
  return { work, effects: finished(driver, work) };
}

function finished(driver: Driver, work: Work): readonly Effect[] {
  const { revision } = driver.live.request;
  return driver.take({ kind: "done", work, pane: 0, revision, costMs: 1, map: MAP }).slice(1);
}

function measured(driver: Driver, work: Work, reason: MeasuredReason | null = REASON): readonly Effect[] {
  return driver.take({ kind: "measured", work, revision: driver.live.request.revision, reason });
}

Deno.test("S1: reasons are off until they are asked for, and not measured any more once they are off again", () => {
  const driver = Driver.greeted();
  const { work, effects } = explained(driver, 1);
  assert.deepEqual(effects, []);
  driver.text('{"type":"reasons","on":true}');
  measured(driver, work);
  driver.text('{"type":"reasons","on":false}');
  driver.nowMs += REASON_PAUSE_MS;
  assert.deepEqual(explained(driver, 2).effects, []);
});

Deno.test("S1: a map that is there already has its reason as soon as it is asked for", () => {
  const driver = Driver.greeted();
  explained(driver, 1, true);
  assert.deepEqual(brief(driver.text('{"type":"reasons","on":true}')), ["measure"]);
});

Deno.test("S2: a reason names frame, revision and model, one at a time and one a second at most", () => {
  const driver = asking();
  const { work, effects } = explained(driver, 1);
  assert.deepEqual(effects, [{ kind: "measure", work, revision: 1, steps: [0] }]);
  driver.nowMs += REASON_PAUSE_MS;
  assert.deepEqual(explained(driver, 2).effects, [], "one is under way");
  assert.deepEqual(measured(driver, work).filter(({ kind }) => kind === "send"), [{
    kind: "send",
    message: {
      type: "reason",
      frame: 1,
      revision: 1,
      model: "tiny",
      target: CAT,
      first: CAT,
      region: null,
      meter: null,
    },
  }]);
  const second = Driver.greeted();
  second.text('{"type":"reasons","on":true}');
  measured(second, explained(second, 1).work);
  second.nowMs += REASON_PAUSE_MS - 1;
  assert.deepEqual(explained(second, 2).effects, []);
  second.nowMs += 1;
  assert.deepEqual(brief(explained(second, 3).effects), ["measure"]);
});

Deno.test("S2: the map of a still frame has its reason as soon as the second has passed", () => {
  const driver = asking();
  measured(driver, explained(driver, 1).work);
  driver.nowMs += 400;
  assert.deepEqual(explained(driver, 2, true).effects, [{ kind: "arm", name: "reason", ms: 600 }]);
  driver.nowMs += 600;
  assert.deepEqual(brief(driver.take({ kind: "timer", name: "reason" })), ["measure"]);
});

Deno.test("S2: maps of the network itself and further panes have no reason", () => {
  const driver = asking();
  driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 2, method: "activations" } }));
  assert.deepEqual(explained(driver, 1).effects, []);
  driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 3 } }));
  driver.text(JSON.stringify({ type: "panes", panes: [{ ...VIEW, id: 1, revision: 9 }] }));
  const work = workOf(driver.frame(2));
  const pane = driver.take({ kind: "done", work, pane: 1, revision: 9, costMs: 1, map: MAP });
  assert.deepEqual(brief(pane), ["send-tile"]);
});

Deno.test("S4: of a moving picture the steps of the meter are measured in turn, of a still frame all of them", () => {
  const driver = asking();
  const steps: (readonly number[])[] = [];
  for (let id = 1; id <= 5; id++) {
    const { work, effects } = explained(driver, id, id === 5);
    for (const effect of effects) if (effect.kind === "measure") steps.push(effect.steps);
    measured(driver, work);
    driver.nowMs += REASON_PAUSE_MS;
  }
  assert.deepEqual(steps, [[0], [1], [2], [0], [0, 1, 2]]);
});

Deno.test("S4: the meter is the mean of the last of each step, once all are known of the class", () => {
  const driver = asking();
  const meters: unknown[] = [];
  for (let id = 1; id <= 6; id++) {
    const { work } = explained(driver, id);
    const step = (id - 1) % 3;
    const target = id === 6 ? { ...CAT, index: 1 } : CAT;
    const effects = measured(driver, work, {
      ...REASON,
      target,
      steps: [{ step, drop: id / 10, random: 0.1 }],
    });
    for (const effect of effects) {
      if (effect.kind !== "send" || effect.message.type !== "reason") continue;
      const { meter } = effect.message;
      meters.push(meter === null ? null : [meter.drop.toFixed(3), meter.random.toFixed(3)]);
    }
    driver.nowMs += REASON_PAUSE_MS;
  }
  assert.deepEqual(meters, [null, null, ["0.200", "0.100"], ["0.300", "0.100"], ["0.400", "0.100"], null]);
});

Deno.test("U7: nothing is measured while somebody paints, and a still frame's reason comes once the cover stays", () => {
  const driver = asking();
  const { work } = explained(driver, 1, true);
  measured(driver, work);
  driver.nowMs += REASON_PAUSE_MS;
  const cover = coverOf(new Uint8Array(COVER_CELLS).fill(1, 0, 9), "grey");
  driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 2, cover } }));
  assert.deepEqual(finished(driver, work), [{ kind: "arm", name: "reason", ms: COVER_REST_MS }]);
  driver.nowMs += COVER_REST_MS;
  assert.deepEqual(brief(driver.take({ kind: "timer", name: "reason" })), ["measure"]);
});

Deno.test("S3: under a cover that hides everything there is no reason", () => {
  const driver = asking();
  const { work } = explained(driver, 1);
  measured(driver, work);
  driver.nowMs += REASON_PAUSE_MS;
  const cover = coverOf(new Uint8Array(COVER_CELLS).fill(1), "grey");
  driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 2, cover } }));
  driver.nowMs += COVER_REST_MS;
  assert.deepEqual(finished(driver, work), []);
});

Deno.test("S5: a new view ends what is under way, and its own map is measured next", () => {
  const driver = asking();
  const { work } = explained(driver, 1, true);
  driver.nowMs += REASON_PAUSE_MS;
  driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 2 } }));
  assert.deepEqual(driver.take({ kind: "measured", work, revision: 1, reason: REASON }), []);
  assert.deepEqual(finished(driver, work), [{ kind: "measure", work, revision: 2, steps: [0, 1, 2] }]);
});

Deno.test("S2: what could not be measured is not sent, and the next map is measured all the same", () => {
  const driver = asking();
  const { work } = explained(driver, 1);
  assert.deepEqual(measured(driver, work, null), []);
  driver.nowMs += REASON_PAUSE_MS;
  assert.deepEqual(brief(explained(driver, 2).effects), ["measure"]);
});

Deno.test("B1: a reason for a full socket is dropped", () => {
  const driver = asking();
  const { work } = explained(driver, 1);
  driver.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  assert.ok(!brief(measured(driver, work)).includes("send:reason"));
});

/** A viewer of the small network, with a clock that the test moves; each row takes `rowMs`. */
function watching({ rowMs = 0, on = true }: { readonly rowMs?: number; readonly on?: boolean } = {}) {
  const clock = new FakeClock();
  const engine = createMemoryEngine();
  const scheduler = new Scheduler({ clock });
  const known = new Map<string, Promise<BatchResult>>();
  /** With a price, all frames show the same and are computed once: what counts is when. */
  const priced: ComputingEngine = {
    admit: () => Promise.resolve({ sketch: new Uint8Array(SKETCH_SIDE ** 2), computeMs: 0 }),
    release: () => {},
    run: async (batch) => {
      const computeMs = batch.length * rowMs;
      await new Promise<void>((resolve) => void clock.after(computeMs, resolve));
      const rows = batch.map(async (probe) => {
        const key = probe.variation.kind;
        const answer = known.get(key) ??
          engine.admit(1, "jpeg", PICTURE).then(() => engine.run([{ ...probe, frame: 1 }]));
        known.set(key, answer);
        return (await answer).rows;
      });
      return { rows: (await Promise.all(rows)).flat(), computeMs };
    },
  };
  scheduler.serve(engine.model.id, rowMs === 0 ? engine : priced);
  const socket = new MemorySocket();
  const served = servedModel(engine.model);
  const viewer = new Viewer({
    logger: NO_LOGGER,
    world: {
      ...WORLD,
      first: served,
      resolve: (view, model) => ({
        revision: view.revision,
        model,
        notes: [],
        ...resolveRequest(model, view),
      }),
    },
    socket,
    clock,
    scheduler,
    serveModel: () => Promise.resolve({ served, [Symbol.dispose]() {} }),
    sent: () => {},
    present: () => assert.fail("nobody presents"),
    onEnd: () => {},
  });
  viewer.open(null);
  viewer.receive(HELLO);
  if (on) viewer.receive('{"type":"reasons","on":true}');
  const heard = (type: string) =>
    socket.texts.map((text) => JSON.parse(text)).filter((one) => one.type === type);
  return { clock, engine, scheduler, viewer, heard };
}

Deno.test("S2: a viewer hears what the map of a still frame rests on, measured by the engine", async () => {
  const { clock, engine, viewer, heard } = watching();
  viewer.receive(frameMessage(1, { still: true, picture: PICTURE }));
  await clock.advance(2_000);
  const [reason, ...more] = heard("reason");
  const [result] = heard("result");
  assert.deepEqual(more, []);
  assert.equal(reason.frame, 1);
  assert.deepEqual(reason.target, result.predictions[0]);
  assert.ok(reason.region.hidden < reason.target.probability, JSON.stringify(reason.region));
  assert.deepEqual(engine.batches.map(({ length }) => length), [1, 7]);
  viewer.closed();
  await clock.advance(1_000);
  assert.equal(engine.frames.size, 0);
});

Deno.test("S5: the frame of a moving picture is kept until its reason is measured, and is no frame of the stream", async () => {
  const { clock, engine, scheduler, viewer, heard } = watching();
  for (let frame = 1; frame <= 40; frame++) {
    viewer.receive(frameMessage(frame, { picture: Uint8Array.of(0xff, 0xd8, 0xff, frame) }));
    await clock.advance(50);
  }
  await clock.advance(1_500);
  assert.equal(heard("result").length, 40);
  assert.ok(heard("reason").length >= 2, `${heard("reason").length} reasons in two seconds`);
  const masked = engine.batches.map((batch) =>
    batch.filter(({ variation }) => variation.kind === "mix").length
  );
  assert.equal(Math.max(...masked), 1, "one row at a time");
  assert.equal(engine.frames.size, 1, "the frame that is shown");
  viewer.closed();
  await clock.advance(1_500);
  assert.equal(engine.frames.size, 0);
  assert.equal(scheduler.stats().waiting, 0);
});

/** Mean age of results and that of 95 in a hundred, in ms, over six seconds of frames that come every `everyMs`, and how many reasons came. */
async function ages(rowMs: number, everyMs: number, on: boolean) {
  const { clock, viewer, heard } = watching({ rowMs, on });
  for (let frame = 1; frame * everyMs <= 6_000; frame++) {
    viewer.receive(frameMessage(frame, { picture: PICTURE }));
    if (frame % 20 === 0) viewer.receive('{"type":"ping"}');
    await clock.advance(everyMs);
  }
  const all: number[] = heard("result").map(({ times }) => times.server);
  const reasons = heard("reason").length;
  viewer.closed();
  await clock.advance(1_500);
  // In the first second it is not known yet when frames come.
  const later = all.slice(1_000 / everyMs).toSorted((a, b) => a - b);
  const p95 = later[Math.floor(0.95 * later.length)] ?? NaN;
  return { mean: all.reduce((sum, ms) => sum + ms, 0) / all.length, p95, reasons };
}

const LOADS = [
  { rowMs: 20, everyMs: 40, least: 5, words: "half of the engine's time is idle" },
  { rowMs: 22, everyMs: 36, least: 2, words: "the next frame is due before a row is done" },
  { rowMs: 45, everyMs: 40, least: 2, words: "frames leave none" },
];

for (const { rowMs, everyMs, least, words } of LOADS) {
  Deno.test(`S5: reasons raise the age of frames by less than 5 ms where ${words}`, async () => {
    const without = await ages(rowMs, everyMs, false);
    const measured = await ages(rowMs, everyMs, true);
    assert.equal(without.reasons, 0);
    assert.ok(measured.reasons >= least, `${measured.reasons} reasons in six seconds`);
    assert.ok(measured.mean - without.mean < 5, `${measured.mean} ms after ${without.mean} ms`);
    assert.ok(measured.p95 - without.p95 < 5, `95 %: ${measured.p95} ms after ${without.p95} ms`);
  });
}
