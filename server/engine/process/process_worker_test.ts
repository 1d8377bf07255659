import assert from "node:assert/strict";
import type { WorkerRequest } from "../worker/host/messages.ts";
import { ProcessWorker } from "./process_worker.ts";

function admit(id: number, bytes: number): WorkerRequest {
  return { call: "admit", id, takes: { key: id, format: "rgb", picture: new Uint8Array(bytes) } };
}

Deno.test("postMessage() refuses a call beyond what may wait for replies, and takes those that fit", () => {
  const worker = new ProcessWorker(() => {}, 10_000);
  worker.postMessage(admit(1, 4_000), []);
  worker.postMessage(admit(2, 4_000), []);
  assert.throws(
    () => worker.postMessage(admit(3, 4_000), []),
    /at most 10000 bytes to wait for the engine, got 12/u,
  );
  worker.postMessage({ call: "release", key: 1 }, []);
  worker.postMessage(admit(4, 100), []);
});

Deno.test("postMessage() moves buffers, and refuses what is none", () => {
  const worker = new ProcessWorker(() => {});
  const picture = new Uint8Array(10);
  worker.postMessage({ call: "admit", id: 1, takes: { key: 1, format: "rgb", picture } }, [picture.buffer]);
  assert.equal(picture.length, 0);
  const { port1, port2 } = new MessageChannel();
  assert.throws(() => worker.postMessage({ call: "stats", id: 2, takes: null }, [port1]), TypeError);
  port1.close();
  port2.close();
});

Deno.test("terminate() says so once, and nothing is heard of the worker afterwards", () => {
  let count = 0;
  const worker = new ProcessWorker(() => count++);
  worker.onerror = () => assert.fail("it was ended already");
  worker.terminate();
  worker.terminate();
  worker.fail("its connection ended");
  assert.equal(count, 1);
});
