import assert from "node:assert/strict";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { fitHead } from "./fit.ts";
import { unpackHead } from "./packed_head.ts";
import { plain } from "./runnable_head.ts";
import { drawnTable } from "./testing/golden_tables.ts";
import { crossValidate } from "./validate.ts";
import { openHeadWorker, sharedRows } from "./worker_link.ts";

const TABLE = drawnTable(40, 3);

/** A worker out of a script's text. */
function scripted(script: string): Worker {
  return new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
}

Deno.test("a worker does what fitHead() and crossValidate() do, with rows that are copied and with shared ones", async () => {
  const worker = openHeadWorker();
  try {
    const shared = { ...TABLE, rows: sharedRows(TABLE.rows) };
    const shares: number[] = [];
    const fitted = worker.fit("forest", TABLE, { trees: 3 }, { onProgress: (done) => shares.push(done) });
    const validated = worker.crossValidate("tree", shared, { folds: 4 });
    assert.deepEqual(plain(await fitted), fitHead("forest", TABLE, { trees: 3 }));
    assert.deepEqual(await validated, crossValidate("tree", TABLE, { folds: 4 }));
    const packed = await worker.fitPacked("pca-linear", shared);
    const head = unpackHead(packed.bytes);
    assert.deepEqual(head, fitHead("pca-linear", TABLE));
    assert.deepEqual(await worker.pack(head), packed);
    assert.deepEqual(await worker.check(packed.bytes), packed);
    assert.equal(shares[0], 0);
    const oneClass = { ...TABLE, labels: new Int32Array(40) };
    await assert.rejects(worker.fit("linear", oneClass), {
      code: "head-refused",
      message: /got those of one/,
    });
    assert.equal((await worker.importance("tree", shared)).means.length, 3);
  } finally {
    worker.close();
  }
  await assert.rejects(worker.fit("linear", TABLE), { code: "server-closing" });
});

Deno.test("a signal ends the worker at once, and the next job gets a new one", async () => {
  const hanging = "self.onmessage = () => { for (;;); };";
  const answering = "self.onmessage = () => self.postMessage({ kind: 'done', result: 'a head' });";
  const scripts = [hanging, answering];
  let made = 0;
  const worker = openHeadWorker({ createWorker: () => scripted(scripts[made++] ?? "") });
  try {
    const controller = new AbortController();
    const reason = new Error("not needed");
    const cut = assert.rejects(worker.fit("tree", TABLE, {}, { signal: controller.signal }), reason);
    const waiting = worker.fit("tree", TABLE);
    // The first job runs once its turn has come.
    await Promise.resolve().then(() => {}).then(() => controller.abort(reason));
    await cut;
    assert.equal(await waiting, "a head");
    assert.equal(made, 2);
    await assert.rejects(worker.fit("tree", TABLE, {}, { signal: AbortSignal.abort(reason) }), reason);
  } finally {
    worker.close();
  }
});

Deno.test("a worker that dies or hangs fails its job alone", async () => {
  const dead = openHeadWorker({
    createWorker: () => scripted("self.onmessage = () => { throw new Error('x'); };"),
  });
  await assert.rejects(dead.fit("tree", TABLE), { code: "server-fault", message: /its worker died: .*x/ });
  dead.close();
  const clock = new FakeClock();
  const hung = openHeadWorker({ createWorker: () => scripted("self.onmessage = () => {};"), clock });
  const failing = assert.rejects(hung.fit("tree", TABLE), { message: /reported nothing for 120000 ms/ });
  await clock.advance(120_000);
  await failing;
  hung.close();
});
