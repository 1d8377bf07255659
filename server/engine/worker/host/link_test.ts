import assert from "node:assert/strict";
import { GradcastError } from "../../../../shared/errors.ts";
import { folderFiles, writeFolder } from "../../model/testing/model_folder.ts";
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import type { Probe } from "../../port.ts";
import { WorkerLink } from "./link.ts";
import { Patience } from "./patience.ts";
import { systemTicks } from "./watch.ts";

const CHATTERS = 668;

function probe(frame: number): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "logits" } };
}

/** A real worker with a small model, and its link. */
async function started() {
  const writer = new ModelWriter(1);
  writer.add("InputLayer", { name: "input", batch_input_shape: [null, 8, 8, 3] });
  writer.conv([3, 3, 3, 4], { name: "conv" });
  writer.add("ReLU", { name: "relu" });
  writer.add("GlobalAveragePooling2D", { name: "pool" });
  writer.dense([4, 3], { name: "logits" });
  const { layers, weights } = writer;
  await using folder = await writeFolder(
    await folderFiles({
      layers,
      weights,
      labels: ["a", "b", "c"],
      defaultLayer: "relu",
      logitsLayer: "logits",
    }),
  );
  const worker = new Worker(new URL("../testing/breaking_worker.ts", import.meta.url), { type: "module" });
  const deaths: string[] = [];
  const link = new WorkerLink(worker, {
    patience: new Patience(),
    ticks: systemTicks,
    onStats: () => {},
    onDeath: (reason) => deaths.push(reason),
  });
  await link.call("start", { modelDir: folder.path, threads: 1, memoryBytes: null });
  return { worker, link, deaths, [Symbol.dispose]: () => link.end("the test is over") };
}

Deno.test("a call that cannot be sent fails alone: nothing waits for it and the worker lives on", async () => {
  using held = await started();
  const { link, deaths } = held;
  const constructor: unknown = {}.constructor;
  const strange = { ...probe(1), randomHead: constructor as number };
  const before = link.call("run", [probe(1)]);
  await assert.rejects(link.call("run", [strange]), (error) => {
    assert.ok(error instanceof GradcastError && error.code === "server-fault");
    assert.match(error.message, /^Cannot call the engine's 'run': .*could not be cloned/u);
    return true;
  });
  assert.equal(link.waiting, 1, "the call before it alone");
  assert.equal((await before).rows.length, 1);
  assert.equal(link.waiting, 0);
  assert.equal((await link.call("run", [probe(1)])).rows.length, 1);
  assert.deepEqual(deaths, []);
});

Deno.test("a transfer list with a detached buffer fails its call alone", async () => {
  using held = await started();
  const { link, deaths } = held;
  const picture = new Uint8Array(192);
  await link.call("admit", { key: 1, format: "rgb", picture }, [picture.buffer]);
  const again = { key: 2, format: "rgb", picture: new Uint8Array(192) } as const;
  await assert.rejects(link.call("admit", again, [picture.buffer]), { code: "server-fault" });
  assert.equal(link.waiting, 0);
  assert.equal((await link.call("stats", null)).frames, 1);
  assert.deepEqual(deaths, []);
});

Deno.test("a second reply, and one to a call that nobody made, change nothing", async () => {
  using held = await started();
  const { link, deaths } = held;
  assert.deepEqual(await link.call("run", [probe(CHATTERS)]), { rows: [], computeMs: 1 });
  assert.equal((await link.call("stats", null)).frames, 0);
  assert.equal(link.waiting, 0);
  assert.deepEqual(deaths, []);
});

Deno.test("a message that cannot be read ends the worker, and what waits fails", async () => {
  using held = await started();
  const { worker, link, deaths } = held;
  const waiting = link.call("stats", null);
  worker.dispatchEvent(new MessageEvent("messageerror"));
  await assert.rejects(waiting, { code: "engine-failed", message: /cannot be read/u });
  assert.deepEqual(deaths, ["it sent a message that cannot be read"]);
  await assert.rejects(link.call("stats", null), { code: "engine-failed" });
});
