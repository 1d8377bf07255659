import assert from "node:assert/strict";
import * as v from "valibot";
import { writeFolder } from "../testing/model_folder.ts";
import { zipOf } from "../testing/zip.ts";
import { recognise } from "./mod.ts";
import { outlineOf } from "./pickle.ts";

/** Files of PyTorch and of pickle by what is in them (tests/reference/torch_files.py). */
const FILES = new Map(
  Object.entries(
    v.parse(
      v.record(v.string(), v.string()),
      JSON.parse(
        Deno.readTextFileSync(new URL("../../../../tests/fixtures/torch_files.json", import.meta.url)),
      ),
    ),
  ).map(([name, text]) => [name, Uint8Array.fromBase64(text)]),
);

const SAFE = 'torch.load("model.pth", map_location="cpu")';
const UNSAFE = 'torch.load("model.pth", map_location="cpu", weights_only=False)';
const TRUST = ", and if you trust the file, which may run code when it is read";

/** What a file is, and what its command exports. */
const ANSWERS: readonly (readonly [name: string, what: string, exported: string])[] = [
  ["model", "a whole PyTorch model as a pickle (__main__.Net)", UNSAFE],
  ["old model", "a whole PyTorch model as a pickle (__main__.Net)", UNSAFE],
  ["checkpoint with a model", "a whole PyTorch model as a pickle (__main__.Net)", `${UNSAFE}["model"]`],
  [
    "model on several devices",
    "a whole PyTorch model as a pickle (torch.nn.parallel.data_parallel.DataParallel)",
    `${UNSAFE}.module`,
  ],
  [
    "pickled model",
    "a whole PyTorch model as a pickle (__main__.Net)",
    'pickle.load(open("model.pkl", "rb"))',
  ],
];

/** What a file is, and what its command loads into a model. */
const WEIGHTS: readonly (readonly [name: string, what: string, loaded: string])[] = [
  ["weights", "a PyTorch file of weights", SAFE],
  ["old weights", "a PyTorch file of weights", SAFE],
  ["plain weights", "a PyTorch file of weights", SAFE],
  ["checkpoint", "a PyTorch checkpoint: weights and more", `${SAFE}["state_dict"]`],
  ["old checkpoint", "a PyTorch checkpoint: weights and more", `${SAFE}["state_dict"]`],
  ["checkpoint of a training", "a PyTorch checkpoint: weights and more", `${SAFE}["model_state_dict"]`],
  ["checkpoint with options", "a PyTorch checkpoint: weights and more", `${UNSAFE}["state_dict"]`],
];

Deno.test("a whole PyTorch model is answered with the command that loads and exports it", async () => {
  for (const [name, what, model] of ANSWERS) {
    assert.equal(
      await answerTo(name),
      `Cannot load the model: m.pt is ${what}; in Python, with its classes defined or imported${TRUST}: ` +
        `torch.onnx.export(${model}.eval(), (torch.zeros(1, 3, 224, 224),), "model.onnx")`,
      name,
    );
  }
});

Deno.test("weights are answered with the command that loads them into a model, by the entry of a checkpoint", async () => {
  for (const [name, what, loaded] of WEIGHTS) {
    assert.equal(
      await answerTo(name),
      `Cannot load the model: m.pt is ${what}, without the layers; in Python, with the model built` +
        `${loaded.startsWith(UNSAFE) ? TRUST : ""}: model.load_state_dict(${loaded}); ` +
        'torch.onnx.export(model.eval(), (torch.zeros(1, 3, 224, 224),), "model.onnx")',
      name,
    );
  }
});

Deno.test("files of Python with neither weights nor a model are said to be that", async () => {
  assert.match(await answerTo("tensor"), /is a PyTorch file of weights, without the layers; /u);
  assert.match(await answerTo("pickled words"), /is a Python pickle, which can run any code/u);
});

Deno.test("a pickle that is cut off anywhere, or repeats one opcode, is still answered", async () => {
  const bytes = fileOf("pickled model");
  for (let length = 0; length < bytes.length; length += 7) {
    assert.equal(outlineOf(bytes.slice(0, length)).bytes, null, `cut off after ${length} bytes`);
  }
  const deep = outlineOf(new Uint8Array(2 ** 20).fill("}".charCodeAt(0)));
  assert.deepEqual([deep.bytes, deep.value.kind], [null, "mapping"]);
  const cut = bytes.slice(0, 700);
  assert.match(await refusalOf(cut), /is a (whole PyTorch model|Python pickle)/u);
});

Deno.test("names in a pickle that are no names do not enter the command", async () => {
  const pickle = '\x80\x02(X\x05\0\0\0a"];b(X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n)Rdd.';
  const evil = Uint8Array.from(pickle, (char) => char.charCodeAt(0));
  assert.equal(outlineOf(evil).bytes, evil.length);
  assert.match(
    await refusalOf(await zipOf({ "m/data.pkl": { bytes: evil, deflate: true } })),
    /is a PyTorch file of weights, .*torch\.load\("model\.pth", map_location="cpu"\)\); torch\.onnx/u,
  );
});

function fileOf(name: string): Uint8Array<ArrayBuffer> {
  const bytes = FILES.get(name);
  assert.ok(bytes, name);
  return bytes;
}

function answerTo(name: string): Promise<string> {
  return refusalOf(fileOf(name));
}

async function refusalOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  await using folder = await writeFolder({ "m.pt": bytes });
  try {
    await recognise(`${folder.path}/m.pt`);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "";
}
