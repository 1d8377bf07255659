/** Z: what `/healthz` says, and that it never waits. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { HEALTH_REASONS } from "../../shared/health.ts";
import { PROTOCOL_VERSION } from "../../shared/mod.ts";
import { VERSION } from "../../shared/version.ts";
import { createApp, Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import type { Engine, EngineVitals } from "../../server/engine/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import type { HealthSource } from "../../server/health/mod.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const LOOP = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
const HEADERS = { host: "localhost" };
const WELL: EngineVitals = { restarts: 0, lastRestart: null, downMs: 0, stats: null };

function makeApp(
  { vitals = WELL, health = [], maxViewers, run }: {
    vitals?: EngineVitals;
    health?: readonly HealthSource[];
    maxViewers?: number;
    run?: Engine["run"];
  } = {},
): { app: Hono; hub: Hub; clock: FakeClock } {
  const clock = new FakeClock();
  const memory = createMemoryEngine();
  const engine: Engine = {
    ...memory,
    run: run ?? memory.run,
    // An engine that hangs: it never says how it is.
    stats: () => new Promise(() => {}),
    vitals: () => vitals,
  };
  const hub = new Hub({
    models: soleModel(engine),
    clock,
    ...(maxViewers === undefined ? {} : { maxViewers }),
  });
  return {
    app: createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay: LOOP, health }),
    hub,
    clock,
  };
}

async function ask(app: Hono) {
  const answer = await app.request("/healthz", { headers: HEADERS });
  return { status: answer.status, body: await answer.json() };
}

Deno.test("Z1: GET /healthz says ok and has figures of every part", async () => {
  const { app, hub } = makeApp();
  const { status, body } = await ask(app);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), [
    ...["status", "reasons", "instance", "startedMs", "uptimeMs", "version", "protocol", "loopDelayMs"],
    ...["engine", "models", "answers", "seats", "scheduler"],
  ]);
  assert.deepEqual([body.status, body.reasons, body.protocol], ["ok", [], PROTOCOL_VERSION]);
  assert.equal(body.version, VERSION);
  assert.deepEqual(body.seats, {
    ...{ viewers: 0, viewersMost: 32, watchers: 0, watchersMost: 300 },
    ...{ guests: 0, guestsMost: 4, features: 0, featuresMost: 2 },
  });
  assert.equal("shares" in body.scheduler, false, "G6: who used how much is left out");
  assert.equal((await ask(app)).body.instance, body.instance);
  assert.notEqual(
    (await ask(makeApp().app)).body.instance,
    body.instance,
    "another start is another instance",
  );
  hub.shutdown();
});

Deno.test("Z1: GET /healthz never waits for the engine, with the figures of its newest reply and their age", async () => {
  const stats = {
    threads: 2,
    tensors: 9,
    tensorBytes: 8,
    heapBytes: 7,
    mostBytes: 10,
    frames: 6,
    batches: 5,
    ageMs: 61_000.4,
  };
  const { app, hub } = makeApp({ vitals: { ...WELL, stats } });
  const { body: { engine } } = await ask(app);
  assert.deepEqual(engine, {
    ...{ restarts: 0, lastRestartAgoMs: null, downMs: 0, statsAgeMs: 61_000 },
    ...{ threads: 2, tensors: 9, tensorBytes: 8, heapBytes: 7, mostBytes: 10, frames: 6, batches: 5 },
  });
  hub.shutdown();
});

Deno.test("Z2: an engine that starts again, or did within a minute, is a reason", async () => {
  const death = { reason: "it hung", agoMs: 1_000 };
  for (
    const [vitals, reasons] of [
      [{ ...WELL, restarts: 1, lastRestart: death, downMs: 1_000 }, ["engine-restarting"]],
      [{ ...WELL, restarts: 1, lastRestart: death }, ["engine-restarted"]],
      [{ ...WELL, restarts: 1, lastRestart: { ...death, agoMs: 60_000 } }, []],
    ] as const
  ) {
    const { app, hub } = makeApp({ vitals });
    const { status, body } = await ask(app);
    assert.deepEqual([status, body.status, body.reasons], [
      200,
      reasons.length === 0 ? "ok" : "degraded",
      [...reasons],
    ]);
    assert.equal(body.engine.restarts, 1);
    assert.equal(JSON.stringify(body).includes("it hung"), false, "reasons in words are the operator's");
    hub.shutdown();
  }
});

Deno.test("Z3: without an engine for over 5 s the answer is down, with 503", async () => {
  for (const [downMs, wanted] of [[5_000, [200, "degraded"]], [5_001, [503, "down"]]] as const) {
    const { app, hub } = makeApp({ vitals: { ...WELL, downMs } });
    const { status, body } = await ask(app);
    assert.deepEqual([status, body.status, body.reasons], [...wanted, ["engine-restarting"]]);
    hub.shutdown();
  }
});

Deno.test("Z2: work that was lost to a failure is a reason for a minute, what was refused is none", async () => {
  const { app, hub, clock } = makeApp();
  assert.equal((await app.request("/api/nothing", { headers: HEADERS })).status, 404);
  assert.deepEqual((await ask(app)).body.reasons, []);
  const error = { type: "error", message: "", revision: null, pane: null } as const;
  hub.tally.sent({ ...error, code: "engine-failed", frame: 7 });
  hub.tally.sent({ ...error, code: "frame-corrupt", frame: 8 });
  hub.tally.sent({ ...error, code: "message-shape", frame: null });
  hub.tally.sent({ type: "dropped", frame: 9, cause: "superseded" });
  hub.tally.sent({ type: "dropped", frame: 10, cause: "slow" });
  const { body } = await ask(app);
  assert.deepEqual(body.answers, { results: 0, superseded: 1, slow: 1, refused: 2, failed: 1 });
  assert.deepEqual(body.reasons, ["work-failed"]);
  await clock.advance(60_000);
  assert.deepEqual((await ask(app)).body.reasons, []);
  hub.shutdown();
});

Deno.test("Z2: a server without a free seat says so", async () => {
  const { app, hub } = makeApp({ maxViewers: 0 });
  assert.deepEqual((await ask(app)).body.reasons, ["seats-taken"]);
  hub.shutdown();
});

Deno.test("Z2: what the other parts say is reported by the same words", async () => {
  const health: HealthSource[] = HEALTH_REASONS.map((reason) => ({
    name: reason,
    health: () => ({ ok: false, reason, figures: { bytes: 1 } }),
  }));
  const { app, hub } = makeApp({ health });
  const { body } = await ask(app);
  assert.deepEqual(body.reasons, [...HEALTH_REASONS]);
  assert.deepEqual(body["disk-nearly-full"], { bytes: 1 });
  hub.shutdown();
});
