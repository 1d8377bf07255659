import assert from "node:assert/strict";
import { MODEL_DIR } from "../testing/goldens.ts";
import { multiplyAdds } from "../graph/work.ts";
import { ModelWriter } from "../graph/testing/model_writer.ts";
import { decode, encode, folderFiles, smallSource, writeFolder } from "./testing/model_folder.ts";
import { openModel } from "./model.ts";
import { PRESETS } from "./normalisation.ts";

Deno.test("openModel() reads the shipped model and finds every hash right", async () => {
  const { card, labels, graph, format } = await openModel(MODEL_DIR);
  assert.equal(card.id, "efficientnet-lite0");
  assert.match(card.knows, /^1,000 kinds of things and animals, no people$/u);
  const names = labels.flatMap((label) => label.split(", "));
  assert.deepEqual(
    card.tries.filter((name) => !names.includes(name.replace(/^an? /u, ""))),
    [],
    "what is to be tried is known",
  );
  assert.equal(labels.length, 1000);
  assert.equal(format, "TensorFlow.js Layers");
  const logits = graph.nodes.at(-1);
  assert.equal(logits?.name, "logits");
  assert.deepEqual(logits?.kind === "dense" ? logits.weights.kernel.shape : null, [1280, 1000]);
});

Deno.test("parameters and multiply-adds of the shipped model are those that PyTorch counts", async () => {
  const { parameters, graph } = await openModel(MODEL_DIR);
  assert.equal(parameters, 4_652_008);
  assert.equal(multiplyAdds(graph), 385_187_552);
});

Deno.test("openModel() cuts the weights out of shards that end in the middle of a number", async () => {
  const source = smallSource();
  await using folder = await writeFolder(await folderFiles(source));
  const { graph } = await openModel(folder.path);
  const weights = graph.nodes.flatMap(({ name, weights }) =>
    Object.entries(weights).map(([part, weight]) => [`${name}/${part}`, weight] as const)
  );
  assert.deepEqual(new Map(weights), source.weights);
});

Deno.test("openModel() names the file whose hash is wrong", async () => {
  for (const name of ["model.json", "labels.json", "weights-2.bin"]) {
    const files = await folderFiles(smallSource());
    const bytes = files[name] ?? assert.fail("the folder has no such file");
    const changed = bytes.map((byte, place) => place === bytes.length - 1 ? byte ^ 1 : byte);
    await using folder = await writeFolder({ ...files, [name]: changed });
    await assert.rejects(
      openModel(folder.path),
      new RegExp(`^Error: Cannot load the model: ${name} does not have the SHA-256 of its card, `, "u"),
    );
  }
});

Deno.test("openModel() names the file that is missing", async () => {
  for (const name of ["labels.json", "weights-1.bin"]) {
    const { [name]: _missing, ...files } = await folderFiles(smallSource());
    await using folder = await writeFolder(files);
    await assert.rejects(
      openModel(folder.path),
      new RegExp(`: ${name} cannot be read from ${folder.path}`, "u"),
    );
  }
});

/** Changes to the card, and what is said about them. */
const CARDS: Readonly<Record<string, [(card: Card) => void, RegExp]>> = {
  "another format": [(card) => card.format = 2, /gradcast\.json does not fit at format/u],
  "a side of 0": [(card) => card.input.width = 0, /gradcast\.json does not fit at input\.width/u],
  "a scale of 0": [
    (card) => card.input.normalisation.scale[1] = 0,
    /does not fit at input\.normalisation\.scale\.1/u,
  ],
  "a hash that is none": [
    (card) => card.files["model.json"] = "abc",
    /gradcast\.json does not fit at files\.model\.json/u,
  ],
  "a file outside the folder": [
    (card) => card.files["../secret"] = "0".repeat(64),
    /gradcast\.json does not fit at files/u,
  ],
  "no hash of a shard": [
    (card) => delete card.files["weights-1.bin"],
    /gradcast\.json has no hash of weights-1\.bin/u,
  ],
};
interface Card {
  format: number;
  input: { width: number; normalisation: { scale: number[] } };
  files: Record<string, string>;
}

for (const [what, [change, message]] of Object.entries(CARDS)) {
  Deno.test(`openModel() refuses a card with ${what}`, async () => {
    const files = await folderFiles(smallSource());
    const card = decode<Card>(files["gradcast.json"]);
    change(card);
    await using folder = await writeFolder({ ...files, "gradcast.json": encode(card) });
    await assert.rejects(openModel(folder.path), message);
  });
}

Deno.test("openModel() refuses a card that is not JSON", async () => {
  const files = await folderFiles(smallSource());
  await using folder = await writeFolder({ ...files, "gradcast.json": new TextEncoder().encode("{") });
  await assert.rejects(openModel(folder.path), /gradcast\.json is not JSON: /u);
});

Deno.test("openModel() reads a folder without a card, and says what it guessed", async () => {
  const { "model.json": model, "weights-1.bin": first, "weights-2.bin": second } = await folderFiles(
    smallSource(),
  );
  await using folder = await writeFolder({
    "model.json": model ?? assert.fail(),
    "weights-1.bin": first ?? assert.fail(),
    "weights-2.bin": second ?? assert.fail(),
  });
  const { card, labels, notes } = await openModel(folder.path);
  assert.equal(card.id, folder.path.split("/").at(-1));
  assert.equal(card.name, card.id);
  assert.deepEqual(card.input, { width: 8, height: 8, normalisation: PRESETS["0to1"] });
  assert.deepEqual([card.defaultLayer, card.logitsLayer, card.files], ["features", "logits", null]);
  assert.deepEqual(labels, ["class 0", "class 1"]);
  assert.deepEqual([card.knows, card.tries], ["2 classes", ["class 0", "class 1"]]);
  assert.equal(notes.length, 3);
  assert.match(notes.join(" "), /has no gradcast\.json.*"0to1".*2 classes have no names/u);
});

Deno.test("openModel() takes names and normalisation of what Teachable Machine exports", async () => {
  const files = await folderFiles(smallSource());
  const metadata = encode({ labels: ["left", "right"], imageSize: 8 });
  const { "gradcast.json": _card, "labels.json": _labels, ...rest } = files;
  await using folder = await writeFolder({ ...rest, "metadata.json": metadata });
  const { card, labels } = await openModel(folder.path);
  assert.deepEqual(labels, ["left", "right"]);
  assert.equal(card.labels, "metadata.json");
  assert.deepEqual(card.input.normalisation, PRESETS["-1to1"]);
});

Deno.test("openModel() takes names alone of a taught model's metadata.json, and nothing of another tool's", async () => {
  const { "gradcast.json": _card, "labels.json": _labels, ...rest } = await folderFiles(smallSource());
  const cases = [
    [
      JSON.stringify({ packageName: "gradcast", labels: ["left", "right"] }),
      ["left", "right"],
      "metadata.json",
    ],
    [JSON.stringify({ author: "somebody" }), ["class 0", "class 1"], null],
    [JSON.stringify({ labels: { left: 0 } }), ["class 0", "class 1"], null],
    ["not JSON", ["class 0", "class 1"], null],
  ] as const;
  for (const [text, names, from] of cases) {
    await using folder = await writeFolder({ ...rest, "metadata.json": new TextEncoder().encode(text) });
    const { card, labels, labelsFrom } = await openModel(folder.path);
    assert.deepEqual([labels, labelsFrom], [names, from], text);
    assert.deepEqual(card.input.normalisation, PRESETS["0to1"], text);
  }
});

Deno.test("openModel() reads a card of a few words: preset, labels, no hashes", async () => {
  await using folder = await writeFolder({
    ...await folderFiles(smallSource()),
    "gradcast.json": encode({ name: "Mine", input: { normalisation: "caffe" }, labels: ["cat", "dog"] }),
  });
  const { card, labels, notes } = await openModel(folder.path);
  assert.deepEqual([card.name, labels, notes], ["Mine", ["cat", "dog"], []]);
  assert.deepEqual(card.input.normalisation, {
    mean: [123.68, 116.779, 103.939],
    scale: [1, 1, 1],
    order: "bgr",
  });
});

Deno.test("openModel() takes a model that scales its input by itself as it is", async () => {
  const writer = new ModelWriter(1);
  writer.input(8, 8);
  writer.add("Rescaling", { scale: 1 / 255 });
  writer.conv([3, 3, 3, 4], { name: "features" });
  writer.add("MaxPooling2D");
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 1], { name: "dog", activation: "sigmoid" });
  const source = { ...smallSource(), layers: writer.layers, weights: writer.weights };
  const { "gradcast.json": _card, ...files } = await folderFiles(source);
  await using folder = await writeFolder(files);
  const { card, labels, graph } = await openModel(folder.path);
  assert.deepEqual(card.input.normalisation, PRESETS["0to255"]);
  // One unit is two classes, and pooling is no layer to look at.
  assert.deepEqual([labels, graph.logits, card.defaultLayer], [["a", "b"], "dog:linear:classes", "features"]);
});

Deno.test("openModel() refuses labels that do not fit, and an unknown preset", async () => {
  const changed = async (card: unknown) =>
    writeFolder({ ...await folderFiles(smallSource()), "gradcast.json": encode(card) });
  await using three = await changed({ labels: ["a", "b", "c"] });
  await assert.rejects(
    openModel(three.path),
    /labels of gradcast\.json must name 2 classes, got 3/u,
  );
  await using preset = await changed({ input: { normalisation: "imagenet" } });
  await assert.rejects(openModel(preset.path), /does not fit at input\.normalisation: .*"caffe"/u);
});

Deno.test("openModel() says what to write for a model of any size", async () => {
  const source = smallSource();
  const [input, ...rest] = source.layers;
  const any = { ...input, config: { name: "any", batch_input_shape: [null, null, null, 3] }, name: "any" };
  const layers = [any, { ...rest[0], inputs: ["any"] }, ...rest.slice(1)] as typeof source.layers;
  const { "gradcast.json": _card, ...files } = await folderFiles({ ...source, layers });
  await using folder = await writeFolder(files);
  await assert.rejects(
    openModel(folder.path),
    /the card must give "input" with width and height, got \[any, any, any, 3\]/u,
  );
  const card = encode({ input: { width: 12, height: 10 } });
  await using sized = await writeFolder({ ...files, "gradcast.json": card });
  assert.deepEqual((await openModel(sized.path)).graph.nodes[0]?.shape, [10, 12, 3]);
});
