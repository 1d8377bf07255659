import assert from "node:assert/strict";
import { decode, encode, folderFiles, shardOf, smallSource, writeFolder } from "./testing/model_folder.ts";
import { ModelFiles } from "./files.ts";
import { openModel } from "./model.ts";
import type { Layer } from "./topology.ts";
import { readWeights } from "./weights.ts";

type Json = Record<string, unknown>;

interface ModelJson {
  modelTopology: { model_config: { config: { layers: { config: Json }[] } } };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

/** The small model's files without a card, `model.json` changed. */
async function changed(change: (model: ModelJson) => void) {
  const { "gradcast.json": _card, ...files } = await folderFiles(smallSource());
  const model = decode<ModelJson>(files["model.json"]);
  change(model);
  return { ...files, "model.json": encode(model) };
}

/** Changes to `model.json`, and what is said about them. */
const MODELS: Readonly<Record<string, [(model: ModelJson) => void, RegExp]>> = {
  "an input of 20,000 pixels a side": [
    ({ modelTopology }) => inputOf(modelTopology)["batch_input_shape"] = [null, 20_000, 20_000, 3],
    /batch_input_shape\.1 of InputLayer layer layer0 .*<=2048 but received 20000/u,
  ],
  "a negative side": [
    ({ modelTopology }) => inputOf(modelTopology)["batch_input_shape"] = [null, -8, 8, 3],
    /batch_input_shape\.1 of InputLayer layer layer0/u,
  ],
  "a side that is no number": [
    ({ modelTopology }) => inputOf(modelTopology)["batch_input_shape"] = [null, "8", 8, 3],
    /batch_input_shape\.1 of InputLayer layer layer0/u,
  ],
  "strides of 10⁹": [
    ({ modelTopology }) => layerOf(modelTopology, 1)["strides"] = 1e9,
    /strides of Conv2D layer features is not one that Gradcast computes: .*received 1000000000/u,
  ],
  "a weight of 10¹² numbers": [
    ({ weightsManifest }) => weightOf(weightsManifest).shape = [1_000_000, 1_000_000],
    /its weights take 4,000,001 MB, and 2,148 MB are there/u,
  ],
  "a weight whose size is beyond every number": [
    ({ weightsManifest }) => weightOf(weightsManifest).shape = [1e300, 1e300],
    /does not fit at weightsManifest\.0\.weights\.0\.shape\.0: it must be 2147483648 or less, got 1e\+300$/u,
  ],
  "a weight of a thousand sides": [
    ({ weightsManifest }) => weightOf(weightsManifest).shape = new Array(1000).fill(1),
    /does not fit at weightsManifest\.0\.weights\.0\.shape: /u,
  ],
  "a weight that is longer than the shards": [
    ({ weightsManifest }) => weightOf(weightsManifest).shape = [3, 3, 3, 400],
    /shards end before weight features\/kernel does, at byte 43200, got 488/u,
  ],
  "a weight that is shorter than the shards": [
    ({ weightsManifest }) => weightOf(weightsManifest).shape = [3, 3, 3, 1],
    /weights take 164 bytes of weights-1\.bin, weights-2\.bin, got 488/u,
  ],
  "an unknown dtype": [
    ({ weightsManifest }) => weightOf(weightsManifest).dtype = "constructor",
    /weight features\/kernel must be float32, got constructor/u,
  ],
  ...Object.fromEntries(
    ["../../etc/passwd", "/etc/passwd", "%2e%2e%2fsecret", "..", "a/b", "a\\b", "weights\u0000.bin", ""].map(
      (path): [string, [(model: ModelJson) => void, RegExp]] => [`the shard path ${JSON.stringify(path)}`, [
        ({ weightsManifest: [group] }) => group?.paths.splice(0, 1, path),
        /does not fit at weightsManifest\.0\.paths\.0/u,
      ]],
    ),
  ),
};

function layerOf({ model_config }: ModelJson["modelTopology"], place: number): Json {
  return model_config.config.layers[place]?.config ?? assert.fail("the model has no such layer");
}

function inputOf(topology: ModelJson["modelTopology"]): Json {
  return layerOf(topology, 0);
}

function weightOf([group]: ModelJson["weightsManifest"]) {
  return group?.weights[0] ?? assert.fail("the model has no weights");
}

for (const [what, [change, message]] of Object.entries(MODELS)) {
  Deno.test(`openModel() refuses ${what}`, async () => {
    await using folder = await writeFolder(await changed(change));
    await assert.rejects(openModel(folder.path), message);
  });
}

Deno.test("readWeights() takes no memory for a weight that its shards do not hold", async () => {
  const before = Deno.memoryUsage().rss;
  for (const paths of [["a"], new Array<string>(1000).fill("a")]) {
    await assert.rejects(
      readWeights(
        [{ paths, weights: [{ name: "w", shape: [500_000_000], dtype: "float32" }] }],
        () => shardOf(new Uint8Array(1000)),
      ),
      /shards end before weight w does, at byte 2000000000/u,
    );
  }
  assert.ok(Deno.memoryUsage().rss - before < 2e8);
});

Deno.test("openModel() refuses a model of more layers than any has", async () => {
  const layers: Layer[] = [...smallSource().layers];
  for (let place = 0; place < 10_001; place++) {
    layers.push({ name: `r${place}`, className: "ReLU", config: { name: `r${place}` }, inputs: ["logits"] });
  }
  const { "gradcast.json": _card, ...files } = await folderFiles({ ...smallSource(), layers });
  await using folder = await writeFolder(files);
  await assert.rejects(openModel(folder.path), /expected at most 10,000 layers, got 10,005/u);
});

Deno.test("openModel() follows a link to the folder and links inside it, none that leads out", async () => {
  await using folder = await writeFolder(await changed(() => {}));
  await using other = await writeFolder({
    "secret.bin": await Deno.readFile(`${folder.path}/weights-1.bin`),
  });
  await Deno.symlink(folder.path, `${other.path}/model`);
  assert.equal((await openModel(`${other.path}/model`)).labels.length, 2);

  await Deno.rename(`${folder.path}/weights-1.bin`, `${folder.path}/first.bin`);
  await Deno.symlink("first.bin", `${folder.path}/weights-1.bin`);
  assert.equal((await openModel(folder.path)).labels.length, 2);

  for (const file of ["weights-1.bin", "model.json", "labels.json"]) {
    await Deno.rename(`${folder.path}/${file}`, `${folder.path}/aside`);
    await Deno.symlink(`${other.path}/secret.bin`, `${folder.path}/${file}`);
    await assert.rejects(
      openModel(folder.path),
      new RegExp(`: ${file} is a link that leads out of its folder; put the file itself there`, "u"),
    );
    await Deno.remove(`${folder.path}/${file}`);
    await Deno.rename(`${folder.path}/aside`, `${folder.path}/${file}`);
  }
  await Deno.symlink("/etc/hostname", `${folder.path}/gradcast.json`);
  await assert.rejects(
    openModel(folder.path),
    /gradcast\.json is a link that leads out of its folder/u,
  );
});

Deno.test("ModelFiles refuses folders, devices, and what is longer than it may be", async () => {
  await using folder = await writeFolder({ "long.json": new Uint8Array(11) });
  await Deno.mkdir(`${folder.path}/shard.bin`);
  const files = new ModelFiles(folder.path);
  await assert.rejects(
    files.read("shard.bin", 10),
    /shard\.bin is no plain file but a folder, a pipe or a device/u,
  );
  await assert.rejects(files.read("long.json", 10), /expected long\.json to have at most 10 bytes, got 11/u);
  assert.equal(await files.read("none", 10), null);
  if (Deno.build.os === "windows") return;
  await assert.rejects(new ModelFiles("/dev").read("zero", 10), /zero is no plain file/u);
});

Deno.test("openModel() refuses a card or labels of more than anybody reads", async () => {
  const { "gradcast.json": _card, ...files } = await folderFiles(smallSource());
  const long = "x".repeat(20_000);
  const cards: readonly (readonly [Json, RegExp])[] = [
    [{ name: long }, /gradcast\.json does not fit at name/u],
    [{ description: long }, /gradcast\.json does not fit at description/u],
    [{ labels: ["a", long] }, /gradcast\.json does not fit at labels/u],
    [{ source: { origin: "x".repeat(2 ** 20) } }, /expected gradcast\.json to have at most 1,048,576 bytes/u],
    [{ input: { width: 20_000, height: 8 } }, /gradcast\.json does not fit at input\.width/u],
  ];
  for (const [card, message] of cards) {
    await using folder = await writeFolder({ ...files, "gradcast.json": encode(card) });
    await assert.rejects(openModel(folder.path), message);
  }
});

Deno.test("openModel() says which name of a file of labels is none, and what was expected", async () => {
  const { "gradcast.json": _card, ...files } = await folderFiles(smallSource());
  const expected =
    'labels\\.json must hold a list of the class names, or an object with that list as "labels"';
  const text = "of labels\\.json must be a text of at most 500 characters, got";
  const cases: readonly (readonly [unknown, string])[] = [
    [["a", "x".repeat(20_000)], `name 1 ${text} 20000 characters`],
    [[1, "b"], `name 0 ${text} a number`],
    [["a", null], `name 1 ${text} null`],
    [{ labels: ["a", ["b"]] }, `name 1 ${text} a list`],
    [{ a: 1 }, expected],
    ["a", expected],
  ];
  for (const [labels, message] of cases) {
    await using folder = await writeFolder({ ...files, "labels.json": encode(labels) });
    await assert.rejects(openModel(folder.path), new RegExp(`Cannot load the model: ${message}`, "u"));
  }
});

Deno.test("openModel() holds files that the card alone names to their hashes, too", async () => {
  const files = await folderFiles(smallSource());
  const card = decode<{ files: Record<string, string> }>(files["gradcast.json"]);
  card.files["README.md"] = "0".repeat(64);
  const readme = { ...files, "README.md": new TextEncoder().encode("hello"), "gradcast.json": encode(card) };
  await using folder = await writeFolder(readme);
  await assert.rejects(openModel(folder.path), /README\.md does not have the SHA-256 of its card/u);
});
