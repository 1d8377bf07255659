import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ModelWriter } from "../engine/graph/testing/model_writer.ts";
import { folderFiles, writeFolder } from "../engine/model/testing/model_folder.ts";
import { memoryIo } from "./testing/memory_io.ts";
import { EXIT, main } from "./explain.ts";

const KERAS = fileURLToPath(new URL("../../tests/reference/keras/", import.meta.url));

async function describe(...args: readonly string[]) {
  const io = memoryIo();
  const code = await main(["--describe", ...args], io);
  assert.deepEqual(io.opened, [], "no engine is started");
  return { code, io };
}

Deno.test("--describe says what was understood of the shipped model, without an engine", async () => {
  const { code, io } = await describe();
  assert.deepEqual([code, io.err()], [EXIT.done, ""]);
  for (
    const line of [
      /^Format +TensorFlow\.js Layers$/mu,
      /^Input +224 × 224 pixels, height × width$/mu,
      /^Normalisation .* · set in gradcast\.json$/mu,
      /^Head +logits,/mu,
      /^Classes +1,000, named by labels\.json: tench/mu,
      /^Parameters +4,652,008$/mu,
      /^Multiply-adds +385,187,552 for one picture$/mu,
      /^Memory +[\d.]+ MB for the weights, [\d.]+ MB for one picture$/mu,
      /^SHA-256 +[0-9a-f]{64}, of its card, which holds that of every file$/mu,
      /^Everything in it is covered\.$/mu,
    ]
  ) assert.match(io.out(), line);
});

Deno.test("--describe --json says it as one document, guesses with how sure they are", async () => {
  const { io } = await describe("--json", "--model", `${KERAS}grey.keras`);
  const document = JSON.parse(io.out());
  assert.equal(document.covered, true);
  assert.deepEqual(document.input, { height: 20, width: 12, channels: 1 });
  assert.equal(document.head, "one-unit");
  assert.equal(document.classes.from, null);
  assert.match(document.normalisation.from, /^a guess/u);
});

Deno.test("--describe reads a Rescaling layer as the normalisation", async () => {
  const { io } = await describe("--model", `${KERAS}convolutional.keras`);
  assert.match(io.out(), /^Normalisation +0to255 · its layer rescaling scales the input by itself$/mu);
  assert.match(io.out(), /^Head +softmax over the classes/mu);
});

Deno.test("--describe says of PyTorch's file that its normalisation is a guess", async () => {
  const { io } = await describe("--model", "tests/fixtures/onnx/convnext.new.onnx");
  assert.match(io.out(), /^Normalisation +torch · a guess, as most networks of PyTorch have it/mu);
});

Deno.test("--describe names what cannot be read in one sentence, exit code 2", async () => {
  const { code, io } = await describe("--model", `${KERAS}expected.json`);
  assert.equal(code, EXIT.usage);
  assert.match(io.err(), /expected\.json is in no format that Gradcast knows/u);
});

Deno.test("--describe exits with 1 where not all of a model is covered, and names all of it", async () => {
  const writer = new ModelWriter(1);
  writer.input(8, 8);
  writer.add("LocallyConnected2D", { name: "local" });
  writer.add("GlobalAveragePooling2D");
  writer.add("Gloubiboulga", { name: "odd" });
  const { layers, weights } = writer;
  await using folder = await writeFolder(
    await folderFiles({ layers, weights, labels: ["a"], defaultLayer: "local", logitsLayer: "odd" }),
  );
  for (const more of [[], ["--json"]]) {
    const { code, io } = await describe("--model", folder.path, ...more);
    assert.deepEqual([code, io.err()], [EXIT.fault, ""]);
    assert.match(io.out(), /LocallyConnected2D[^]*Gloubiboulga/u);
  }
});
