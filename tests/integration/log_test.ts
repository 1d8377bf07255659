/** The decision log over real sockets and HTTP (rules L), and across the end of a server process. */
import assert from "node:assert/strict";
import { createApp, Hub } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { HELD_FRAMES } from "../../server/log/mod.ts";
import { MAX_LOG_PAGE, openLogStore, OWN_WRITER } from "../../server/store/mod.ts";
import { MemoryLog } from "../../server/store/testing/memory_log.ts";
import { type Ask, asker } from "../support/from_here.ts";
import { LiveClient, serve } from "../support/live_client.ts";
import { startServer } from "../support/server.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const PHOTO = "tests/fixtures/photos/coffee.png";
const BOUNDS = { maxAgeMs: 1e12, maxBytes: 1e9 };

const SPAN = {
  startMs: Date.UTC(2026, 0, 31, 12),
  endMs: Date.UTC(2026, 0, 31, 12, 0, 5),
  frames: 40,
  classIndex: 967,
  label: "espresso",
  method: "grad-cam",
  modelId: "tiny",
  modelName: "tiny",
  modelHash: "abc",
  taughtHead: null,
  peak: 0.94321,
  mean: 0.5,
};

/** An app whose log holds some entries, for requests without a port. */
async function withLog(
  act: (ask: Ask, from: (hostname: string) => Ask) => Promise<void>,
  keeps = true,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const store = await openLogStore(`${folder}/log.sqlite`, BOUNDS);
  const picture = { format: "png", bytes: await Deno.readFile(PHOTO) } as const;
  const first = await store.append(SPAN, picture, OWN_WRITER);
  await store.amend(first, { map: { height: 1, width: 2, scale: 3, values: Int8Array.of(-127, 127) } });
  await store.append(
    { ...SPAN, label: 'cup, "large"', startMs: SPAN.endMs, endMs: SPAN.endMs + 500 },
    null,
    OWN_WRITER,
  );
  await store.append({ ...SPAN, label: "=SUM(A1)" }, null, OWN_WRITER);
  const engine = createMemoryEngine();
  const hub = new Hub({
    models: soleModel(engine),
    clock: systemClock,
    ...(keeps ? { log: { store } } : {}),
  });
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const app = createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay });
  try {
    await act(asker(app), (hostname) => asker(app, hostname));
  } finally {
    await store.close();
    await engine.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("L5: entries are listed, found by time, label and method, and paged", () =>
  withLog(async (ask) => {
    const list = async (query: string) => await (await ask(`/api/log${query}`)).json();
    const all = await list("");
    assert.deepEqual(all.entries.map(({ label }: { label: string }) => label), [
      "=SUM(A1)",
      'cup, "large"',
      "espresso",
    ]);
    assert.deepEqual([all.total, all.next], [3, null]);
    const { start, map, peak } = all.entries[2];
    assert.deepEqual([start, peak, map], ["2026-01-31T12:00:00.000Z", 0.94321, {
      height: 1,
      width: 2,
      scale: 3,
      values: "gX8=",
    }]);
    const page = await list("?limit=2");
    assert.equal(page.entries.length, 2);
    assert.equal((await list(`?limit=2&before=${page.next}`)).entries.length, 1);
    assert.equal((await list("?label=CUP")).total, 1);
    assert.equal((await list("?from=2026-01-31T12:00:05.100Z")).total, 1);
    assert.equal((await list(`?to=${SPAN.endMs}&method=grad-cam`)).total, 2);
  }));

Deno.test("L5: what does not fit is refused with its name", () =>
  withLog(async (ask) => {
    for (
      const query of ["from=yesterday", "limit=0", `limit=${MAX_LOG_PAGE + 1}`, "before=-1", "colour=red"]
    ) {
      const answer = await ask(`/api/log?${query}`);
      assert.equal(answer.status, 400, query);
      const { code, message } = await answer.json();
      assert.equal(code, "bad-option");
      assert.ok(message.includes(`'${query.split("=")[0]}'`), message);
    }
  }));

Deno.test("L6: pictures and exports leave as they are, fields that a spreadsheet would run as text", () =>
  withLog(async (ask) => {
    const { entries } = await (await ask("/api/log")).json();
    const picture = await ask(`/api/log/${entries[2].id}/picture`);
    assert.equal(picture.headers.get("content-type"), "image/png");
    assert.deepEqual(new Uint8Array(await picture.arrayBuffer()), await Deno.readFile(PHOTO));
    for (
      const path of [`/api/log/${entries[1].id}/picture`, "/api/log/999/picture", "/api/log/..%2f1/picture"]
    ) {
      assert.equal((await ask(path)).status, 404, path);
    }
    const csv = (await (await ask("/api/log/export.csv")).text()).split("\r\n");
    assert.equal(csv.length, 5);
    assert.match(
      csv[0] ?? "",
      /^id,start,end,seconds,frames,class,label,peak,mean,method,model,model_sha256,model_name,taught_head,box_left,box_top,box_right,box_bottom$/,
    );
    assert.match(csv[1] ?? "", /,'=SUM\(A1\),/);
    assert.match(csv[2] ?? "", /,0\.500,40,967,"cup, ""large""",0\.9432,0\.5000,/);
    const lines = (await (await ask("/api/log/export.jsonl?label=espresso")).text()).trim().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).label), ["espresso"]);
  }));

Deno.test("L7: what is deleted can be restored", () =>
  withLog(async (ask) => {
    const total = async () => (await (await ask("/api/log")).json()).total;
    const { entries } = await (await ask("/api/log")).json();
    const one = await (await ask(`/api/log/${entries[0].id}`, { method: "DELETE" })).json();
    assert.deepEqual([one.removed, await total()], [1, 2]);
    assert.equal((await ask(`/api/log/${entries[0].id}`, { method: "DELETE" })).status, 404);
    const all = await (await ask("/api/log", { method: "DELETE" })).json();
    assert.deepEqual([all.removed, await total()], [2, 0]);
    assert.deepEqual(await (await ask(`/api/log/undo/${all.undo}`, { method: "POST" })).json(), {
      restored: 2,
    });
    assert.equal((await ask(`/api/log/undo/${all.undo}`, { method: "POST" })).status, 404);
    assert.equal(await total(), 2);
    const trash = async () => (await (await ask("/api/log/trash")).json()).batches;
    const [batch, ...more] = await trash();
    assert.deepEqual([batch.undo, batch.cause, batch.entries, more], [one.undo, "people", 1, []]);
    assert.ok(Math.abs(Date.parse(batch.at) - Date.now()) < 60_000, batch.at);
    assert.deepEqual(await (await ask("/api/log/trash", { method: "DELETE" })).json(), { deleted: 1 });
    assert.deepEqual(await trash(), []);
    assert.equal((await ask(`/api/log/undo/${one.undo}`, { method: "POST" })).status, 404);
  }));

Deno.test("L8: another machine, another page and a server without a log are refused", async () => {
  await withLog(async (ask, from) => {
    for (const path of ["/api/log", "/api/log/export.csv", "/api/log/1/picture", "/api/log/trash"]) {
      const answer = await from("192.168.1.20")(path);
      assert.equal(answer.status, 403, path);
      assert.equal((await answer.json()).code, "own-machine-only");
      assert.notEqual((await ask(path)).status, 403);
    }
    const foreign = await ask("/api/log", { method: "DELETE", headers: { origin: "https://evil.example" } });
    assert.equal((await foreign.json()).code, "origin-refused");
  });
  await withLog(async (ask) => {
    const answer = await ask("/api/log");
    assert.equal(answer.status, 404);
    assert.equal((await answer.json()).code, "no-log");
  }, false);
});

Deno.test("L3: an entry that was acknowledged outlives a server that is killed, with its picture and map", async () => {
  const photo = await Deno.readFile(PHOTO);
  const data = `data/test-${crypto.randomUUID()}`;
  try {
    const before = await startServer(0, ["--data", data]);
    const client = await LiveClient.greet(before.port);
    client.say({ type: "log", on: true });
    assert.equal((await client.message("log")).on, true);
    for (let id = 1; id <= HELD_FRAMES; id++) {
      client.frame(id, photo, { still: false });
      await client.message("result");
    }
    const { label } = await client.message("logged");
    await before.kill();
    await client[Symbol.asyncDispose]();
    await using after = await startServer(0, ["--data", data]);
    const { entries } = await (await fetch(`${after.url}/api/log`)).json();
    assert.equal(entries.length, 1);
    assert.equal(entries[0].label, label);
    assert.match(entries[0].modelHash, /^[0-9a-f]{64}$/);
    const picture = await fetch(`${after.url}/api/log/${entries[0].id}/picture`);
    assert.deepEqual(new Uint8Array(await picture.arrayBuffer()), photo);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("L1: nothing is written while the log is off, and a server that stops writes the last span down", async () => {
  const engine = createMemoryEngine();
  const log = new MemoryLog(BOUNDS);
  const store = {
    append: (...all: Parameters<typeof log.append>) => Promise.resolve(log.append(...all)),
    amend: (...all: Parameters<typeof log.amend>) => Promise.resolve(log.amend(...all)),
    tidy: () => Promise.resolve(),
  } as unknown as Awaited<ReturnType<typeof openLogStore>>;
  const photo = await Deno.readFile(PHOTO);
  const server = serve(engine, undefined, { store });
  const client = await LiveClient.greet(server.port);
  let id = 0;
  const see = async (frames: number) => {
    for (let i = 0; i < frames; i++) {
      client.frame(++id, photo);
      await client.message("result");
    }
  };
  await see(8);
  assert.equal(log.list({}, null, 9).total, 0);
  client.say({ type: "log", on: true });
  await client.message("log");
  await see(9);
  await server[Symbol.asyncDispose]();
  await server.hub.logSettled();
  assert.deepEqual(log.list({}, null, 9).entries.map(({ frames }) => frames), [9]);
  await client[Symbol.asyncDispose]();
  await engine.close();
});
