import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { memoryIo } from "./testing/memory_io.ts";
import { main } from "./explain.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COFFEE = `${ROOT}tests/fixtures/photos/coffee.png`;
const [LITE0, LITE1] = ["efficientnet-lite0", "efficientnet-lite1"].map((name) => `${ROOT}models/${name}`);

Deno.test("each of several models explains; documents, files and words name it", async () => {
  const engine = createMemoryEngine();
  const { id, name } = engine.model;
  const args = [COFFEE, "--model", LITE0 ?? "", "--model", LITE1 ?? "", "--map", "m.npy"];
  const io = memoryIo({ engine });
  assert.equal(await main([...args, "--json"], io), 0);
  // Two models of one name are told apart.
  const documents = JSON.parse(io.out());
  assert.deepEqual(documents.map(({ model }: { model: string }) => model), [id, `${id}-2`]);
  assert.deepEqual([...io.written.keys()], [`m-${id}.npy`, `m-${id}-2.npy`]);
  const words = memoryIo({ engine });
  assert.equal(await main(args, words), 0);
  assert.match(
    words.out(),
    new RegExp(`^Model: ${name} \\(${id}\\)\n[^]*\nModel: ${name} \\(${id}-2\\)\n`, "u"),
  );
});

Deno.test("one of several models that cannot be loaded is said, and the others explain", async () => {
  const args = [COFFEE, "--json", "--model", "no-1.onnx", "--model", LITE0 ?? "", "--model", "no-2.onnx"];
  const io = memoryIo({ engine: createMemoryEngine() });
  assert.equal(await main(args, io), 1);
  assert.equal(JSON.parse(io.out()).length, 1);
  const there = "Cannot load the model: there is no file or folder";
  assert.equal(io.err(), `${there} 'no-1.onnx'\n${there} 'no-2.onnx'\n`);
  const none = memoryIo();
  assert.equal(await main([COFFEE, "--model", "no-1.onnx", "--model", "no-2.onnx"], none), 2);
  assert.equal(none.err(), `${there} 'no-1.onnx'\n${there} 'no-2.onnx'\n`);
});

Deno.test("a folder of models stands for each in it; one model alone changes no name and prints one document", async () => {
  const io = memoryIo({ engine: createMemoryEngine() });
  assert.equal(await main([COFFEE, "--model", `${ROOT}models`, "--json"], io), 0);
  assert.equal(JSON.parse(io.out()).length, 2);
  const one = memoryIo({ engine: createMemoryEngine() });
  assert.equal(await main([COFFEE, "--model", LITE0 ?? "", "--json", "--map", "m.npy"], one), 0);
  assert.equal(Array.isArray(JSON.parse(one.out())), false);
  assert.deepEqual([...one.written.keys()], ["m.npy"]);
});

Deno.test("what was guessed of a model is said before it explains", async () => {
  const engine = createMemoryEngine();
  const guessing = {
    ...engine.model,
    notes: ['The input is taken as "torch"; set it in the card.', "Two\nlines"],
  };
  const io = memoryIo({ engine: Object.create(engine, { model: { value: guessing } }) });
  assert.equal(await main([COFFEE, "--json"], io), 0);
  const name = engine.model.name;
  assert.equal(
    io.err(),
    `Note: ${name}: The input is taken as "torch"; set it in the card.\nNote: ${name}: Two\\u000alines\n`,
  );
});

Deno.test("several models share one report, side by side, and one of them that fails on a picture is named", async () => {
  const engine = createMemoryEngine();
  const { id, name } = engine.model;
  const io = memoryIo({ engine, files: { "bad.png": new Uint8Array([1, 2, 3]) } });
  const args = [
    COFFEE,
    "bad.png",
    "--model",
    LITE0 ?? "",
    "--model",
    LITE1 ?? "",
    "--report",
    "r.html",
    "--json",
  ];
  assert.equal(await main(args, io), 1);
  assert.deepEqual([...io.written.keys()], ["r.html"]);
  const html = new TextDecoder().decode(io.written.get("r.html"));
  assert.equal(html.match(/<section class="compared"/gu)?.length, 2);
  assert.equal(html.split(`>${name}</h3>`).length, 5);
  const failed = JSON.parse(io.out()).filter((one: object) => "error" in one);
  assert.deepEqual(failed.map(({ model }: { model: string }) => model), [id, `${id}-2`]);
});
