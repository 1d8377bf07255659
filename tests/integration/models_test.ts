/** Several models in one server, each at an engine of its own process (PROTOCOL.md, X and A14). */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createApp, Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import type { Engine } from "../../server/engine/port.ts";
import { GradcastError } from "../../shared/errors.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { createMemoryModels, soleModel } from "../../server/pool/testing/memory_models.ts";
import { asker } from "../support/from_here.ts";
import { GRAD_CAM_VIEW, LiveClient } from "../support/live_client.ts";
import { killProcess } from "../support/processes.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const PHOTO = await Deno.readFile("tests/fixtures/photos/coffee.png");
const LITE0 = fileURLToPath(new URL("../../models/efficientnet-lite0", import.meta.url));
const LITE1 = fileURLToPath(new URL("../../models/efficientnet-lite1", import.meta.url));

const ENGINE = /\/engine\/process\/main\.ts (\S+)$/;

/** What a view of a loaded model may take, in ms. */
const SWITCH_MS = 1_000;

async function listed(server: RunningServer) {
  const { models } = await (await fetch(`${server.url}/api/models`)).json();
  return models as readonly { id: string; state: string; bytes: number }[];
}

const statesOf = async (server: RunningServer) =>
  (await listed(server)).map(({ id, state }) => `${id} ${state}`);

/** Processes of engines, and the memory of all of them. */
async function enginesOf(server: RunningServer) {
  return (await server.processes()).filter(({ args }) => ENGINE.test(args));
}

async function withServer(flags: readonly string[], act: (server: RunningServer) => Promise<void>) {
  const data = await Deno.makeTempDir({ prefix: "gradcast-models-" });
  try {
    await using server = await startServer(0, ["--data", data, ...flags]);
    await act(server);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });

test("X3: a second model is loaded when somebody wants it, and one that is loaded is there within a second", async () => {
  await withServer(["--model", LITE0, "--model", LITE1], async (server) => {
    assert.deepEqual(await statesOf(server), [
      "efficientnet-lite0 loaded",
      "efficientnet-lite1 not-loaded",
    ]);
    await using client = await LiveClient.greet(server.port);
    client.frame(1, PHOTO);
    assert.equal((await client.message("result")).model, "efficientnet-lite0");
    const show = (revision: number, model?: string) =>
      client.say({ type: "view", view: { ...GRAD_CAM_VIEW, revision, ...(model ? { model } : {}) } });
    show(2, "efficientnet-lite1");
    assert.equal((await client.message("loading")).model, "efficientnet-lite1");
    const { model, layers } = await client.message("model");
    assert.deepEqual([model.id, model.width, layers.length > 10], ["efficientnet-lite1", 240, true]);
    const view = await client.message("view");
    assert.deepEqual([view.revision, view.model], [2, "efficientnet-lite1"]);
    const result = await client.message("result");
    assert.deepEqual([result.frame, result.revision, result.model], [1, 2, "efficientnet-lite1"]);
    await client.tile(({ revision, complete }) => revision === 2 && complete);
    // Both are in memory now: to and fro.
    for (const [revision, id] of [[3, "efficientnet-lite0"], [4, "efficientnet-lite1"]] as const) {
      const begun = performance.now();
      show(revision, id);
      await client.tile((tile) => tile.revision === revision && tile.complete);
      const tookMs = performance.now() - begun;
      assert.ok(tookMs < SWITCH_MS, `${id} was shown after ${tookMs} ms`);
    }
    assert.equal((await enginesOf(server)).length, 2, "a process for each");
  });
});

test("X7: panes compare models on the same frame, and an engine that dies takes its own model alone", async () => {
  await withServer(["--model", LITE0, "--model", LITE1], async (server) => {
    await using client = await LiveClient.greet(server.port);
    client.say({
      type: "panes",
      panes: [
        { ...GRAD_CAM_VIEW, id: 1, revision: 11, model: "efficientnet-lite1" },
        { ...GRAD_CAM_VIEW, id: 2, revision: 12, method: "cam" },
      ],
    });
    while ((await client.message("pane")).model !== "efficientnet-lite1");
    client.frame(1, PHOTO);
    const seen = new Map<number, number>();
    while (seen.size < 3) {
      const { pane, mapWidth } = await client.tile(({ complete }) => complete);
      seen.set(pane, mapWidth);
    }
    assert.deepEqual([seen.get(0), seen.get(1)], [7, 8], "each on its own grid");
    const before = await enginesOf(server);
    // The one that came last has the model that was loaded last.
    const [victim] = before.toSorted((a, b) => b.pid - a.pid);
    await killProcess(victim?.pid ?? 0, "KILL");
    for (let frame = 2; frame < 12; frame++) {
      client.frame(frame, PHOTO);
      const result = await client.message("result");
      assert.deepEqual([result.frame, result.model], [frame, "efficientnet-lite0"], "the view continues");
    }
    // Its engine is there again without anybody doing anything.
    let frame = 12;
    for (;; frame++) {
      client.frame(frame, PHOTO);
      const one = await client.tileOrError((tile) => tile.pane === 1 && tile.complete);
      if (!("type" in one)) break;
    }
    const health = await (await fetch(`${server.url}/healthz`)).json();
    assert.deepEqual(
      health.models.map(({ id, restarts }: { id: string; restarts: number }) => [id, restarts]),
      [["efficientnet-lite0", 0], ["efficientnet-lite1", 1]],
    );
  });
});

test("X3: where --memory is short the model that nobody shows gives way, and its memory is free again", async () => {
  await withServer(["--model", LITE0, "--model", LITE1, "--memory", "500M"], async (server) => {
    const explain = async (model: string) => {
      const answer = await fetch(`${server.url}/api/explain?model=${model}`, { method: "POST", body: PHOTO });
      const body = await answer.json();
      assert.equal(answer.status, 200, JSON.stringify(body));
      assert.equal(body.model, model);
    };
    await explain("efficientnet-lite0");
    const [one] = await enginesOf(server);
    await explain("efficientnet-lite1");
    assert.deepEqual(await statesOf(server), [
      "efficientnet-lite0 not-loaded",
      "efficientnet-lite1 loaded",
    ]);
    await until(() => enginesOf(server), (engines) => !engines.some(({ pid }) => pid === one?.pid));
    // To and fro a few times: no process and no memory is left behind.
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      await explain("efficientnet-lite0");
      await explain("efficientnet-lite1");
      const engines = await enginesOf(server);
      assert.ok(engines.length <= 2, `${engines.length} engines: the model's and a spare at most`);
      sizes.push(engines.reduce((sum, { rssBytes }) => sum + rssBytes, 0));
    }
    assert.ok(Math.max(...sizes) < 1.5 * Math.min(...sizes), `${sizes} bytes`);
    // Somebody who looks at a model keeps it.
    await using client = await LiveClient.greet(server.port, {
      ...GRAD_CAM_VIEW,
      model: "efficientnet-lite1",
    });
    client.frame(1, PHOTO);
    await client.message("result");
    const refused = await fetch(`${server.url}/api/explain?model=efficientnet-lite0`, {
      method: "POST",
      body: PHOTO,
    });
    assert.deepEqual([refused.status, (await refused.json()).code], [503, "models-full"]);
  });
});

test("X3: a model that cannot be loaded leaves the others alone", async () => {
  const broken = await Deno.makeTempDir({ prefix: "gradcast-broken-" });
  try {
    await Deno.writeTextFile(`${broken}/model.json`, "{");
    await Deno.writeTextFile(`${broken}/gradcast.json`, '{"id":"broken"}');
    await withServer(["--model", LITE0, "--model", broken], async (server) => {
      await using client = await LiveClient.greet(server.port);
      client.say({ type: "view", view: { ...GRAD_CAM_VIEW, revision: 2, model: "broken" } });
      const { code, message, revision } = await client.message("error");
      assert.deepEqual([code, revision], ["model-failed", 2]);
      assert.match(message, /^Cannot load the model 'broken': /u);
      client.frame(1, PHOTO);
      assert.equal((await client.message("result")).revision, 1);
      const [, second] = (await listed(server)) as readonly { state: string; reason?: string }[];
      assert.equal(second?.state, "failed");
      assert.match(second?.reason ?? "", /broken/u);
    });
  } finally {
    await Deno.remove(broken, { recursive: true });
  }
});

/** An app of two small models in this process, of which the second is loaded when it is asked for. */
function twoModels() {
  const labels = { "first": ["one", "two", "three"], "second": ["four", "two", "five"] };
  const engines = Object.entries(labels).map(([id, labels]): [string, Engine] => {
    const engine = createMemoryEngine();
    return [id, { ...engine, model: { ...engine.model, labels } }];
  });
  return createMemoryModels(new Map(engines));
}

Deno.test("A14: addresses take a model's id, load it for the answer, and refuse one that there is not", async () => {
  const pool = twoModels();
  using _first = await pool.acquire("first");
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const hub = new Hub({ models: pool, clock: new FakeClock() });
  const ask = asker(createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay }));
  const { models } = await (await ask("/api/models")).json();
  assert.deepEqual(models.map(({ id, state }: { id: string; state: string }) => [id, state]), [
    ["first", "loaded"],
    ["second", "not-loaded"],
  ]);
  const model = await (await ask("/api/model?model=second")).json();
  assert.deepEqual([model.model.id, model.labels], ["second", ["four", "two", "five"]]);
  assert.deepEqual((await (await ask("/api/model")).json()).model.id, "first");
  for (const path of ["/api/model", "/api/layers", "/api/methods", "/api/feature"]) {
    const refused = await ask(`${path}?model=constructor`);
    const body = await refused.json();
    assert.deepEqual([refused.status, body.code], [404, "unknown-model"], path);
    assert.match(body.message, /expected one of first, second, got 'constructor'/u);
  }
  for (const [model, status] of [["second", 200], ["third", 404]] as const) {
    const read = await ask(`/api/picture?model=${model}`, { method: "POST", body: PHOTO });
    assert.equal(read.status, status, await read.text());
  }
  const refused = await ask("/api/explain?model=third", { method: "POST", body: PHOTO });
  assert.equal((await refused.json()).code, "unknown-model");
  const explained = await ask("/api/explain?model=second&class=five", { method: "POST", body: PHOTO });
  const document = await explained.json();
  assert.deepEqual([document.model, document.attribution.class.label], ["second", "five"]);
  const layers = await (await ask("/api/inside?model=second&layer=nowhere", { method: "POST", body: PHOTO }))
    .json();
  assert.equal(layers.code, "unknown-layer");
  hub.shutdown();
});

Deno.test("A14: what is being explained while its model is loaded again is explained by the engine that has it then", async () => {
  for (const format of ["json", "lines", "html"]) {
    const named = (engine: Engine, name: string): Engine => ({
      ...engine,
      model: { ...engine.model, id: "small", name },
    });
    const pool = createMemoryModels(new Map());
    const after = createMemoryEngine();
    const before = createMemoryEngine({
      beforeRun() {
        void pool.exchange("small", named(after, "After"));
        throw new GradcastError("engine-failed", "Cannot call the engine: it was closed");
      },
    });
    pool.adopt(named(before, "Before"));
    const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
    const hub = new Hub({ models: pool, clock: new FakeClock() });
    const ask = asker(createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay }));
    const response = await ask(`/api/explain?format=${format}`, { method: "POST", body: PHOTO });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.doesNotMatch(text, /engine-failed/u);
    assert.equal(before.batches.length, 1, format);
    assert.ok(after.batches.length > 0, format);
    hub.shutdown();
  }
});

Deno.test("X1: the list of a server of one model has that one", async () => {
  const hub = new Hub({ models: soleModel(createMemoryEngine()), clock: new FakeClock() });
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const ask = asker(createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay }));
  const { models: [only, ...more] } = await (await ask("/api/models")).json();
  assert.deepEqual([only.state, only.classes, only.uploaded, more], ["loaded", 10, false, []]);
  hub.shutdown();
});
