import assert from "node:assert/strict";
import { MODEL_DIR } from "../_testing.ts";
import { ModelWriter } from "../graph/_testing.ts";
import { decode, encode, folderFiles, writeFolder } from "./_testing.ts";
import { readModelFolder } from "./folder.ts";

Deno.test("readModelFolder() reads the shipped model and finds every hash right", async () => {
  const { card, labels, layers, weights } = await readModelFolder(MODEL_DIR);
  assert.equal(card.id, "efficientnet-lite0");
  assert.equal(labels.length, 1000);
  assert.equal(layers.at(-1)?.name, "logits");
  assert.deepEqual(weights.get("logits/kernel")?.shape, [1280, 1000]);
});

Deno.test("readModelFolder() cuts the weights out of shards that end in the middle of a number", async () => {
  const source = small();
  await using folder = await writeFolder(await folderFiles(source));
  const { weights } = await readModelFolder(folder.path);
  assert.deepEqual(weights, source.weights);
});

Deno.test("readModelFolder() names the file whose hash is wrong", async () => {
  for (const name of ["model.json", "labels.json", "weights-2.bin"]) {
    const files = await folderFiles(small());
    await using folder = await writeFolder({ ...files, [name]: new Uint8Array([...files[name] ?? [], 32]) });
    await assert.rejects(
      readModelFolder(folder.path),
      new RegExp(`^Error: Cannot load the model as ${name} does not have the SHA-256 of its card, `, "u"),
    );
  }
});

Deno.test("readModelFolder() names the file that is missing", async () => {
  for (const name of ["gradcast.json", "weights-1.bin"]) {
    const { [name]: _missing, ...files } = await folderFiles(small());
    await using folder = await writeFolder(files);
    await assert.rejects(
      readModelFolder(folder.path),
      new RegExp(`as ${name} cannot be read from ${folder.path}`, "u"),
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
  Deno.test(`readModelFolder() refuses a card with ${what}`, async () => {
    const files = await folderFiles(small());
    const card = decode<Card>(files["gradcast.json"]);
    change(card);
    await using folder = await writeFolder({ ...files, "gradcast.json": encode(card) });
    await assert.rejects(readModelFolder(folder.path), message);
  });
}

Deno.test("readModelFolder() refuses a card that is not JSON", async () => {
  await using folder = await writeFolder({ "gradcast.json": new TextEncoder().encode("{") });
  await assert.rejects(readModelFolder(folder.path), /gradcast\.json is not JSON: /u);
});

function small() {
  const writer = new ModelWriter(1);
  writer.input(8, 8);
  writer.conv([3, 3, 3, 4], { name: "features" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 2], { name: "logits" });
  return {
    ...writer,
    weights: writer.weights,
    labels: ["a", "b"],
    defaultLayer: "features",
    logitsLayer: "logits",
  };
}
