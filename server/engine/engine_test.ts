import assert from "node:assert/strict";
import { testContract } from "./_contract.ts";
import {
  correlation,
  GOLDEN_PHOTOS,
  maxDifference,
  MODEL_DIR,
  readGolden,
  readGoldenMap,
  readPhoto,
} from "./_testing.ts";
import { GradcastError } from "../../shared/errors.ts";
import { ModelWriter } from "./graph/_testing.ts";
import { folderFiles, writeFolder } from "./model/_testing.ts";
import { type Engine, type EngineOptions, openEngine, type Probe, type Want } from "./mod.ts";

testContract("openEngine()", async () => {
  await using folder = await writeFolder(await folderFiles(smallModel()));
  return await openEngine({ modelDir: folder.path, threads: 2 });
});

for (const photo of GOLDEN_PHOTOS) {
  Deno.test(`openEngine() agrees with PyTorch on ${photo}: logits to 1e-4, maps to a correlation of 0.9999`, async () => {
    const engine = await openEngine({ modelDir: MODEL_DIR });
    const { logits, classes } = await readGolden(photo);
    await engine.admit(1, "png", await readPhoto(photo));
    const { rows: [row] } = await engine.run([probe(1, { kind: "projection", top: 0, also: classes })]);
    assert.ok(row?.ok);
    const difference = maxDifference(row.logits, logits);
    assert.ok(difference <= 1e-4, `logits differ by ${difference}`);
    for (const [place, c] of classes.entries()) {
      const { shape: [height = 0, width = 0], values } = await readGoldenMap(photo, "cam", c);
      const map = row.projection?.values.subarray(place * height * width, (place + 1) * height * width) ?? [];
      const similar = correlation(map, values);
      assert.ok(similar >= 0.9999, `class ${c}: correlation ${similar}`);
      assert.ok(maxDifference(map, values) < 1e-3, `class ${c}: differs by ${maxDifference(map, values)}`);
    }
    await engine.close();
  });
}

Deno.test("openEngine() computes the same numbers with one thread and with two", async () => {
  const picture = await readPhoto("chelsea");
  const logits: Float32Array[] = [];
  for (const threads of [1, 2]) {
    const engine = await openEngine({ modelDir: MODEL_DIR, threads });
    assert.equal(engine.threads, threads);
    assert.equal(engine.threadsNote, null);
    await engine.admit(1, "png", picture);
    const { rows: [row] } = await engine.run([probe(1)]);
    assert.ok(row?.ok);
    logits.push(row.logits);
    await engine.close();
  }
  const difference = maxDifference(logits[0] ?? [], logits[1] ?? []);
  assert.ok(difference < 1e-5, `differs by ${difference}`);
});

Deno.test("openEngine() gives a row in a batch of many what it gives it alone", async () => {
  const engine = await openEngine({ modelDir: MODEL_DIR });
  await engine.admit(1, "png", await readPhoto("coffee"));
  const window = { left: 0, height: 32, width: 32 };
  const probes = Array.from({ length: 37 }, (_, i): Probe => ({
    ...probe(1, { kind: "projection", top: 1, also: [] }),
    variation: { kind: "fill", window: { ...window, top: 5 * i }, fill: "black" },
  }));
  const { rows } = await engine.run(probes);
  for (const place of [0, 31, 32, 36]) {
    const { rows: [alone] } = await engine.run(probes.slice(place, place + 1));
    const together = rows[place];
    assert.ok(alone?.ok && together?.ok);
    assert.ok(maxDifference(alone.logits, together.logits) < 1e-5, `row ${place}`);
    assert.ok(
      maxDifference(alone.projection?.values ?? [], together.projection?.values ?? [0]) < 1e-3,
      `row ${place}`,
    );
  }
  await engine.close();
});

Deno.test("openEngine() keeps tensors, bytes and memory flat over 1,000 batches of a small model", async () => {
  await using folder = await writeFolder(await folderFiles(smallModel()));
  await staysFlat(folder.path, 1000);
});

Deno.test("openEngine() keeps tensors, bytes and memory flat over 60 batches of the shipped model", async () => {
  await staysFlat(MODEL_DIR, 60);
});

Deno.test("openEngine() loads a small model whose head is another one, and refuses projections of it", async () => {
  const source = smallModel("Flatten");
  await using folder = await writeFolder(await folderFiles(source));
  const engine = await openEngine({ modelDir: folder.path, threads: 1 });
  assert.equal(engine.model.projectionLayer, null);
  assert.deepEqual(engine.model.layers, [
    { name: "input", kind: "InputLayer", shape: [32, 32, 3] },
    { name: "relu", kind: "ReLU", shape: [16, 16, 8] },
    { name: "pool", kind: "Flatten", shape: [2048] },
    { name: "logits", kind: "Dense", shape: [10] },
  ]);
  await engine.admit(1, "png", await readPhoto("coffee"));
  const { rows } = await engine.run([probe(1, { kind: "projection", top: 1, also: [] }), probe(1)]);
  assert.deepEqual(rows.map(({ ok }) => ok), [false, true]);
  await engine.close();
});

Deno.test("openEngine() says why a model cannot be loaded", async () => {
  const files = await folderFiles(smallModel());
  await using folder = await writeFolder({ ...files, "labels.json": new Uint8Array([91, 93]) });
  await assert.rejects(
    openEngine({ modelDir: folder.path, threads: 1 }),
    (error) =>
      error instanceof GradcastError && error.code === "engine-failed" &&
      error.message.startsWith("Cannot load the model as labels.json does not have the SHA-256 of its card"),
  );

  const labels = await folderFiles({ ...smallModel(), labels: ["one"] });
  await using other = await writeFolder(labels);
  await assert.rejects(
    openEngine({ modelDir: other.path, threads: 1 }),
    /labels\.json has to name 10 classes: current value is 1/u,
  );
});

Deno.test("openEngine() refuses a number of threads that is none", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    await assert.rejects(openEngine({ modelDir: MODEL_DIR, threads }), RangeError);
  }
});

Deno.test("F9: a worker that dies fails the calls that wait, is replaced, and later calls work", async () => {
  const engine = await openBreaking();
  await engine.admit(1, "png", await readPhoto("coffee"));
  const waiting = [engine.run([probe(666)]), engine.run([probe(1)]), engine.stats()];
  for (const { status, reason } of await settled(waiting)) {
    assert.equal(status, "rejected");
    assert.ok(reason instanceof GradcastError && reason.code === "engine-failed");
    assert.match(reason.message, /the engine's worker died: /u);
  }
  // The frames died with the worker; their rows say so, and new ones are taken.
  assert.equal((await engine.run([probe(1)])).rows[0]?.ok, false);
  await engine.admit(1, "png", await readPhoto("coffee"));
  assert.equal((await engine.run([probe(1)])).rows[0]?.ok, true);
  assert.deepEqual(await engine.stats().then(({ frames, batches }) => [frames, batches]), [1, 2]);
  await engine.close();
});

Deno.test("F9: a worker that does not answer in time is taken for dead and replaced", async () => {
  const engine = await openBreaking({ callTimeoutMs: 3_000 });
  const [hung] = await settled([engine.run([probe(667)])]);
  assert.ok(hung?.reason instanceof GradcastError);
  assert.match(hung.reason.message, /did not answer within 3000 ms/u);
  assert.equal((await engine.stats()).batches, 0);
  await engine.close();
});

Deno.test("openEngine() tries again with the next call when the replacement does not start", async () => {
  const files = await folderFiles(smallModel());
  await using folder = await writeFolder(files);
  const engine = await openBreaking({ modelDir: folder.path });
  await Deno.remove(`${folder.path}/model.json`);
  const broken = await settled([engine.run([probe(666)]), engine.stats()]);
  assert.deepEqual(broken.map(({ status }) => status), ["rejected", "rejected"]);
  await assert.rejects(engine.stats(), /model\.json cannot be read/u);
  await Deno.writeFile(`${folder.path}/model.json`, files["model.json"] ?? new Uint8Array());
  assert.equal((await engine.stats()).frames, 0);
  await engine.close();
});

Deno.test("openEngine() fails the calls that wait when it is closed", async () => {
  const engine = await openEngine({ modelDir: MODEL_DIR });
  const [waiting] = await settled([engine.stats(), engine.close()]);
  assert.ok(waiting?.status === "fulfilled" || waiting?.reason instanceof GradcastError);
});

/** Runs batches of one row and of four in turn and compares figures after a few with those at the end. */
async function staysFlat(modelDir: string, batches: number): Promise<void> {
  const engine = await openEngine({ modelDir });
  await engine.admit(1, "png", await readPhoto("coffee"));
  const run = (batch: number) => {
    const rows = batch % 2 === 0 ? 1 : 4;
    return engine.run(Array.from({ length: rows }, (_, i): Probe => ({
      frame: 1,
      variation: { kind: "fill", window: { top: i, left: batch % 16, height: 8, width: 8 }, fill: "grey" },
      want: i === 0 ? { kind: "projection", top: 2, also: [] } : { kind: "logits" },
    })));
  };
  for (let batch = 0; batch < 10; batch++) await run(batch);
  const { tensors, tensorBytes, heapBytes } = await engine.stats();
  for (let batch = 10; batch < batches; batch++) await run(batch);
  const after = await engine.stats();
  assert.deepEqual(
    [after.tensors, after.tensorBytes, after.heapBytes, after.frames, after.batches],
    [tensors, tensorBytes, heapBytes, 1, batches],
  );
  await engine.close();
}

function openBreaking(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const script = new URL("./worker/_breaking_worker.ts", import.meta.url);
  return openEngine({
    modelDir: MODEL_DIR,
    createWorker: () => new Worker(script, { type: "module" }),
    ...options,
  });
}

function smallModel(pool = "GlobalAveragePooling2D") {
  const writer = new ModelWriter(1);
  writer.add("InputLayer", { name: "input", batch_input_shape: [null, 32, 32, 3] });
  writer.conv([3, 3, 3, 8], { name: "conv", strides: [2, 2] });
  writer.add("ReLU", { name: "relu" });
  writer.add(pool, { name: "pool" });
  writer.dense([pool === "Flatten" ? 16 * 16 * 8 : 8, 10], { name: "logits" });
  const { layers, weights } = writer;
  return { layers, weights, labels: [..."abcdefghij"], defaultLayer: "relu", logitsLayer: "logits" };
}

function probe(frame: number, want: Want = { kind: "logits" }): Probe {
  return { frame, variation: { kind: "none" }, want };
}

async function settled(calls: readonly Promise<unknown>[]) {
  const results = await Promise.allSettled(calls);
  return results.map((result) => ({ reason: undefined, ...result } as { status: string; reason: unknown }));
}
