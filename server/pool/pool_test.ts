import assert from "node:assert/strict";
import { createMemoryEngine, type MemoryEngine } from "../engine/testing/memory_engine.ts";
import type { FoundModel } from "./catalogue.ts";
import { ModelPool, type OpenRequest, type PoolParts } from "./pool.ts";

/** A model's files; what it takes is expected to be its process, 260 MB, and three times these. */
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
  // 260 MB each, and 30 MB more while one is expected.
  const { pool, opening, closed } = setUp({ memoryBytes: 600e6 });
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
      "Cannot load the model 'd': it needs about 290 MB, and the models in use leave 80 MB of 600 MB (--memory)",
  });
  assert.deepEqual(closed, ["/b"]);
  c[Symbol.dispose]();
  a[Symbol.dispose]();
  await load("d");
  assert.deepEqual(closed, ["/b", "/c"], "c was given back before a");
  // What is left beside the others is what its weights and values may take.
  assert.equal(opening.at(-1)?.memoryBytes, 600e6 - 260e6 - 260e6);
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
