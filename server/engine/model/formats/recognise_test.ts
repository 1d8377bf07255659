import assert from "node:assert/strict";
import { MODEL_DIR } from "../../testing/goldens.ts";
import { encode, folderFiles, smallSource, writeFolder } from "../testing/model_folder.ts";
import { zipOf } from "../testing/zip.ts";
import { recognise, sniff } from "./mod.ts";

const KERAS = new URL("../../../../tests/reference/keras/", import.meta.url).pathname;

/** A model of ONNX as PyTorch begins one: version 10, its producer, then the graph. */
const ONNX = Uint8Array.of(0x08, 10, 0x12, 2, 0x70, 0x74, 0x3a, 2, 0x0a, 0);

Deno.test("sniff() finds the format by content, whatever the file is called", async () => {
  await using folder = await writeFolder({
    "a.bin": await Deno.readFile(`${KERAS}grey.keras`),
    "b.txt": await Deno.readFile(`${KERAS}grey.h5`),
    "c": ONNX,
  });
  assert.deepEqual(
    await Promise.all(
      ["a.bin", "b.txt", "c"].map(async (name) => (await sniff(`${folder.path}/${name}`))?.format),
    ),
    ["keras", "keras-hdf5", "onnx"],
  );
  assert.equal((await sniff(MODEL_DIR))?.format, "tfjs-layers");
  assert.equal(await sniff(folder.path), null, "several models are none");
  assert.equal(await sniff(`${folder.path}/nowhere`), null);
  await assert.rejects(recognise(folder.path), /holds 3 models; name one of them: a\.bin, b\.txt, c$/u);
});

Deno.test("recognise() takes a folder with one model among other files, and model.json itself", async () => {
  await using folder = await writeFolder({
    "net.keras": await Deno.readFile(`${KERAS}grey.keras`),
    "README.md": encode("words"),
  });
  const { format, file, named } = await recognise(folder.path);
  assert.deepEqual([format, file, named], ["keras", "net.keras", false]);
  await using layers = await writeFolder(await folderFiles(smallSource()));
  assert.equal((await recognise(`${layers.path}/model.json`)).format, "tfjs-layers");
});

const text = (words: string) => new TextEncoder().encode(words);

/** Files that people try, and what the answer names. */
const REFUSED: Readonly<Record<string, readonly [Record<string, Uint8Array<ArrayBuffer>>, RegExp]>> = {
  "TensorFlow Lite": [
    { "m.tflite": text("\x1c\0\0\0TFL3 and more") },
    /TensorFlow Lite model; .*tf2onnx\.convert --tflite/u,
  ],
  "a SavedModel": [{ "saved_model.pb": text("\x08\x01") }, /SavedModel; .*tf2onnx\.convert --saved-model/u],
  "a graph model of TensorFlow.js": [
    { "model.json": encode({ format: "graph-model", modelTopology: {} }) },
    /model\.json is a TensorFlow\.js graph model.*\.keras or \.h5/u,
  ],
  "TorchScript": [
    { "m.pt": await zipOf({ "m/data.pkl": { bytes: text("x") }, "m/constants.pkl": { bytes: text("x") } }) },
    /TorchScript model; .*torch\.onnx\.export\(torch\.jit\.load\(.*dynamo=False/u,
  ],
  "a program of torch.export": [
    {
      "m.pt2": await zipOf({
        "m/models/model.json": { bytes: text("{}") },
        "m/archive_format": { bytes: text("pt2") },
      }),
    },
    /a program of torch\.export; .*torch\.onnx\.export\(torch\.export\.load\(/u,
  ],
  "PyTorch's weights": [
    { "m.pth": await zipOf({ "m/data.pkl": { bytes: text("x") } }) },
    /PyTorch file of weights, without the layers; .*torch\.load\(.*torch\.onnx\.export/u,
  ],
  "a pickle": [{ "m.pkl": Uint8Array.of(0x80, 4, 0x95, 0) }, /a Python pickle, which can run any code/u],
  "safetensors": [
    { "m.safetensors": Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d) },
    /safetensors file of weights.*safetensors\.torch\.load_file.*torch\.onnx\.export/u,
  ],
  "an unpacked .keras file": [
    { "config.json": encode({}), "model.weights.h5": text("\x89HDF\r\n\x1a\n") },
    /is an unpacked \.keras file; pack it again/u,
  ],
  "another zip": [
    { "m.zip": await zipOf({ "a.txt": { bytes: text("x") } }) },
    /a zip archive of something else/u,
  ],
  "nothing known": [
    { "m.bin": text("nothing at all") },
    /neither|no such file, nor a \.keras, \.h5 or \.onnx/u,
  ],
};

for (const [what, [files, message]] of Object.entries(REFUSED)) {
  Deno.test(`recognise() answers ${what} with what to do`, async () => {
    await using folder = await writeFolder(files);
    await assert.rejects(recognise(folder.path), message);
    const [only, ...more] = Object.keys(files);
    if (more.length > 0 || only === undefined || ["saved_model.pb", "m.bin"].includes(only)) return;
    await assert.rejects(recognise(`${folder.path}/${only}`), message);
  });
}

Deno.test("recognise() says of an unknown file what it reads, and that ONNX data is not the model", async () => {
  await using folder = await writeFolder({ "m.onnx.data": new Uint8Array(1000) });
  await assert.rejects(
    recognise(`${folder.path}/m.onnx.data`),
    /m\.onnx\.data is in no format that Gradcast knows.*give the \.onnx file beside it/u,
  );
});
