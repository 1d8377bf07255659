import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { MODEL_DIR } from "../testing/goldens.ts";
import { ModelFiles } from "./files.ts";
import { hashFiles } from "./hash.ts";
import { openModel } from "./model.ts";

const KERAS = "tests/reference/keras/convolutional.keras";
const ONNX = "tests/fixtures/onnx/mixer.new.onnx";

async function sha256(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

Deno.test("a model whose card holds the hashes of its files is known by its card", async () => {
  const { hash, card } = await openModel(MODEL_DIR);
  assert.equal(card.licence["weights"], "Apache-2.0");
  assert.match(card.source["weights"] ?? "", /efficientnet-lite0/u);
  assert.deepEqual(hash, { of: "card", sha256: await sha256(`${MODEL_DIR}/gradcast.json`) });
});

Deno.test("a model of one file is known by the file, whatever its card says", async () => {
  const { hash } = await openModel(KERAS);
  assert.deepEqual(hash, { of: "file", sha256: await sha256(KERAS) });
  const folder = await Deno.makeTempDir({ prefix: "gradcast-hash-" });
  try {
    await Deno.copyFile(KERAS, `${folder}/net.keras`);
    await Deno.writeTextFile(`${folder}/net.gradcast.json`, JSON.stringify({ licence: { weights: "MIT" } }));
    assert.deepEqual((await openModel(`${folder}/net.keras`)).hash, hash);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a model of several files is known by the list that sha256sum writes of them, ONNX's weights included", async () => {
  const names = ["mixer.new.onnx", "mixer.new.onnx.data"];
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256(`tests/fixtures/onnx/${name}`)}  ${name}\n`),
  );
  const { hash } = await openModel(ONNX);
  assert.deepEqual(hash, { of: "files", sha256: createHash("sha256").update(lines.join("")).digest("hex") });
});

Deno.test("hashFiles() reads a file of many blocks and an empty one to their ends", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-hash-" });
  try {
    const bytes = new Uint8Array(2 ** 21 + 7).map((_, at) => at % 251);
    await Deno.writeFile(`${folder}/long`, bytes);
    await Deno.writeFile(`${folder}/empty`, new Uint8Array());
    const files = new ModelFiles(folder);
    assert.equal((await hashFiles(files, ["long"])).sha256, await sha256(`${folder}/long`));
    assert.equal((await hashFiles(files, ["empty"])).sha256, await sha256(`${folder}/empty`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openModel() says which share of the files is read, rising to all of it", async () => {
  for (const path of [MODEL_DIR, KERAS, ONNX]) {
    const shares: number[] = [];
    await openModel(path, { onRead: (share) => shares.push(share) });
    assert.ok(shares.length > 1, path);
    assert.deepEqual(shares, shares.toSorted((a, b) => a - b), path);
    assert.ok((shares.at(-1) ?? 0) > 0.9, `${path}: ${shares.at(-1)}`);
  }
});
