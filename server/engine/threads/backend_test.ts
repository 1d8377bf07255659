import assert from "node:assert/strict";
import { startBackend, stopBackend } from "./backend.ts";

Deno.test("startBackend() starts the threads that are wanted", async () => {
  for (const threads of [1, 2, 3, 8]) {
    const started = await startBackend(threads);
    assert.deepEqual([started.threads, started.note], [threads, null]);
    assert.ok(started.memory !== null, "tfjs computes in the memory that the kernels share");
    stopBackend();
  }
});

Deno.test("startBackend() says so where more threads are wanted than the package can run", async () => {
  const { threads, note } = await startBackend(12);
  assert.equal(threads, 8);
  assert.equal(note, "The engine runs at most 8 threads, 12 were asked for.");
  stopBackend();
});

Deno.test("startBackend() continues with one thread and says why where threads do not start", async () => {
  const { threads, note, memory } = await startBackend(
    4,
    () => Promise.reject(new Error("no worker can be had")),
  );
  assert.equal(threads, 1);
  assert.equal(note, "The engine runs one thread as 4 could not start: no worker can be had");
  assert.equal(memory, null);
  stopBackend();
});
