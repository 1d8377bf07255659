import assert from "node:assert/strict";
import { createMemoryEngine, type MemoryEngine } from "../engine/testing/memory_engine.ts";
import type { FoundModel } from "./catalogue.ts";
import { ModelPool } from "./pool.ts";
import type { OpenRequest, PoolParts } from "./pool_parts.ts";

/** A model's files; what it takes is expected to be its process, 400 MB, and three times these. */
const found = (name: string, megabytes = 10): FoundModel => ({
  ...{ path: `/${name}`, id: name, name: name.toUpperCase(), bytes: megabytes * 1e6 },
});

interface Opening extends OpenRequest {
  resolve(): Promise<void>;
  reject(error: Error): Promise<void>;
}

/** A pool whose engines open when the test says so. */
function setUp(more: Partial<PoolParts> = {}) {
  const opening: Opening[] = [];
  const closed: string[] = [];
  let nowMs = 0;
  const pool = new ModelPool({
    open(request) {
      const { promise, resolve, reject } = Promise.withResolvers<MemoryEngine>();
      const engine = createMemoryEngine();
      const close = () => {
        closed.push(request.path);
        return engine.close();
      };
      opening.push({
        ...request,
        async resolve() {
          resolve({ ...engine, close });
          await settled();
        },
        async reject(error) {
          reject(error);
          await settled();
        },
      });
      return promise;
    },
    memoryBytes: null,
    now: () => ++nowMs,
    ...more,
  });
  return { pool, opening, closed };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const statesOf = (pool: ModelPool) => pool.list().map(({ id, state }) => `${id} ${state}`);

Deno.test("a model is loaded once for all who want it, with its progress, and stays so while somebody has it", async () => {
  const { pool, opening } = setUp();
  pool.add(found("a"));
  const told: number[] = [];
  const first = pool.acquire("a", { onProgress: (done) => told.push(done) });
  await settled();
  opening[0]?.onProgress(0.4);
  const second = pool.acquire("a", { onProgress: (done) => told.push(10 + done) });
  opening[0]?.onProgress(0.6);
  assert.deepEqual(statesOf(pool), ["a loading"]);
  await opening[0]?.resolve();
  assert.deepEqual(told, [0.4, 10.4, 0.6, 10.6]);
  assert.equal((await first).engine, (await second).engine);
  assert.equal((await pool.acquire("a")).engine.model.id, "a", "its own id, not that of its card");
  assert.equal(opening.length, 1);
  assert.deepEqual(statesOf(pool), ["a loaded"]);
});

Deno.test("models are loaded one after the other, and one that nobody waits for any more is left out", async () => {
  const { pool, opening } = setUp();
  for (const name of ["a", "b", "c"]) pool.add(found(name));
  const stop = new AbortController();
  const [a, b, c] = [pool.acquire("a"), pool.acquire("b", { signal: stop.signal }), pool.acquire("c")];
  await settled();
  assert.deepEqual(opening.map(({ path }) => path), ["/a"]);
  stop.abort(new Error("gone"));
  await assert.rejects(b, /gone/u);
  await opening[0]?.resolve();
  assert.deepEqual(opening.map(({ path }) => path), ["/a", "/c"]);
  await opening[1]?.resolve();
  await Promise.all([a, c]);
  assert.deepEqual(statesOf(pool), ["a loaded", "b not-loaded", "c loaded"]);
});

Deno.test("a model that cannot be loaded leaves the others alone, says why, and may be tried again", async () => {
  const { pool, opening } = setUp();
  for (const name of ["a", "b"]) pool.add(found(name));
  const [a, b] = [pool.acquire("a"), pool.acquire("b")];
  a.catch(() => {});
  await settled();
  await opening[0]?.reject(new Error("Cannot load the model: model.json is cut short"));
  await opening[1]?.resolve();
  await assert.rejects(a, {
    code: "model-failed",
    message: "Cannot load the model 'a': model.json is cut short",
  });
  await b;
  assert.deepEqual(statesOf(pool), ["a failed", "b loaded"]);
  assert.match(pool.list()[0]?.reason ?? "", /cut short/u);
  const again = pool.acquire("a");
  await settled();
  await opening[2]?.resolve();
  await again;
  assert.equal(pool.list()[0]?.reason, null);
});

Deno.test("where memory is short the model that was in use longest ago gives way, never one that somebody has", async () => {
  // 400 MB each, and 30 MB more while one is expected.
  const { pool, opening, closed } = setUp({ memoryBytes: 880e6 });
  for (const name of ["a", "b", "c", "d"]) pool.add(found(name));
  const load = async (name: string) => {
    const lease = pool.acquire(name);
    lease.catch(() => {});
    await settled();
    await opening.at(-1)?.resolve();
    return await lease;
  };
  const a = await load("a");
  (await load("b"))[Symbol.dispose]();
  const c = await load("c");
  assert.deepEqual(closed, ["/b"]);
  assert.deepEqual(statesOf(pool), ["a loaded", "b not-loaded", "c loaded", "d not-loaded"]);
  await assert.rejects(load("d"), {
    code: "models-full",
    message:
      "Cannot load the model 'd': it needs about 430 MB, and the models in use leave 80 MB of 880 MB; close a page or a pane that uses one, or start with a larger --memory",
  });
  assert.deepEqual(closed, ["/b"]);
  c[Symbol.dispose]();
  a[Symbol.dispose]();
  await load("d");
  assert.deepEqual(closed, ["/b", "/c"], "c was given back before a");
  // What is left beside the others is what its weights and values may take.
  assert.equal(opening.at(-1)?.memoryBytes, 880e6 - 400e6 - 260e6);
});

Deno.test("loading that nobody waits for any more is ended at once, and begins again for who comes later", async () => {
  const { pool, opening, closed } = setUp();
  pool.add(found("a"));
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [first, second].map(({ signal }) => pool.acquire("a", { signal }));
  for (const one of waiting) one.catch(() => {});
  await settled();
  first.abort(new Error("gone"));
  await settled();
  assert.equal(opening[0]?.signal.aborted, false, "somebody else waits");
  second.abort(new Error("gone too"));
  await settled();
  assert.equal(opening[0]?.signal.aborted, true);
  assert.deepEqual(statesOf(pool), ["a not-loaded"]);
  const again = pool.acquire("a");
  await opening[0]?.resolve();
  assert.deepEqual([closed, opening.length], [["/a"], 2], "what came all the same is closed");
  await opening[1]?.resolve();
  await again;
  assert.deepEqual(statesOf(pool), ["a loaded"]);
});

Deno.test("the share that is done never falls", async () => {
  const { pool, opening } = setUp();
  pool.add(found("a"));
  const told: number[] = [];
  const lease = pool.acquire("a", { onProgress: (done) => told.push(done) });
  await settled();
  for (const done of [0.2, 0.1, 0.2, 0.5]) opening[0]?.onProgress(done);
  await opening[0]?.resolve();
  await lease;
  assert.deepEqual(told, [0.2, 0.5]);
});

Deno.test("a model whose files change is loaded again while somebody has it: the engine before computes until then", async () => {
  const { pool, opening, closed } = setUp();
  pool.add(found("a"));
  const acquired = pool.acquire("a");
  await settled();
  await opening[0]?.resolve();
  const lease = await acquired;
  const before = lease.engine;
  const reloaded = pool.reload("a", { ...found("a"), name: "Renamed" });
  await settled();
  assert.deepEqual([statesOf(pool), closed, lease.engine], [["a loaded"], [], before]);
  await opening[1]?.resolve();
  await reloaded;
  assert.deepEqual(closed, ["/a"]);
  assert.notEqual(lease.engine, before);
  assert.equal(lease.engine, pool.engineOf("a"));
  lease[Symbol.dispose]();
  await pool.remove("a");
});

Deno.test("where memory is short a model is unloaded before it is loaded again, and its viewers wait", async () => {
  const { pool, opening, closed } = setUp({ memoryBytes: 500e6 });
  for (const name of ["a", "b"]) pool.add(found(name));
  const acquired = pool.acquire("a");
  await settled();
  await opening[0]?.resolve();
  const lease = await acquired;
  const reloaded = pool.reload("a", found("a"));
  await settled();
  assert.deepEqual([statesOf(pool)[0], closed], ["a loading", ["/a"]]);
  const later = pool.acquire("a");
  await opening[1]?.resolve();
  await reloaded;
  assert.equal((await later).engine, lease.engine);
  assert.equal(opening.length, 2);
  assert.equal(statesOf(pool)[0], "a loaded");
});

Deno.test("a model that cannot be loaded with its new files continues with the engine that it has", async () => {
  const { pool, opening, closed } = setUp();
  pool.add(found("a"));
  const acquired = pool.acquire("a");
  await settled();
  await opening[0]?.resolve();
  const { engine } = await acquired;
  const reloaded = pool.reload("a", found("a"));
  reloaded.catch(() => {});
  await settled();
  await opening[1]?.reject(new Error("Cannot load the model: labels.json has 9 names"));
  await assert.rejects(reloaded, { code: "model-failed", message: /9 names/u });
  assert.deepEqual([pool.engineOf("a"), closed, statesOf(pool)], [engine, [], ["a loaded"]]);
});

Deno.test("an unknown id is refused with those that there are, and with the nearest", () => {
  const { pool } = setUp();
  for (const name of ["resnet18", "lite0"]) pool.add(found(name));
  assert.throws(() => pool.expect("resnet-18"), {
    code: "unknown-model",
    message:
      "Cannot choose the model: expected one of resnet18, lite0, got 'resnet-18'; did you mean resnet18?",
  });
  assert.throws(() => pool.expect("__proto__"), { code: "unknown-model" });
});

Deno.test("models can be added and removed while the server runs; one that somebody has stays", async () => {
  const { pool, opening, closed } = setUp();
  let changes = 0;
  const forget = pool.onChange(() => changes++);
  assert.deepEqual([pool.add(found("a")), pool.add(found("A"), { uploaded: true })], ["a", "A-2"]);
  assert.equal(changes, 2);
  const lease = pool.acquire("A-2");
  await settled();
  await assert.rejects(pool.remove("A-2"), { code: "model-in-use" });
  await opening[0]?.resolve();
  await assert.rejects(pool.remove("A-2"), { code: "model-in-use" });
  (await lease)[Symbol.dispose]();
  await pool.remove("A-2");
  assert.deepEqual([pool.ids, closed], [["a"], ["/A"]]);
  await assert.rejects(pool.remove("A-2"), { code: "unknown-model" });
  forget();
  pool.putFirst("a");
});

Deno.test("closing the pool closes every engine, and one that is being opened as soon as it is", async () => {
  const { pool, opening, closed } = setUp();
  for (const name of ["a", "b"]) pool.add(found(name));
  const a = pool.acquire("a");
  await settled();
  await opening[0]?.resolve();
  await a;
  const b = pool.acquire("b");
  b.catch(() => {});
  await settled();
  await pool.close();
  await opening[1]?.resolve();
  await assert.rejects(b, { code: "server-closing" });
  assert.deepEqual(closed, ["/a", "/b"]);
});
