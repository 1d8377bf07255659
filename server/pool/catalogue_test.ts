import assert from "node:assert/strict";
import { join } from "node:path";
import { findModels } from "./catalogue.ts";

/** First bytes of an HDF5 file. */
const HDF5 = new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);

async function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  act: (folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-models-" });
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    }
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder of models stands for each model in it, by their names; what is none is left out", async () => {
  const files = {
    "b/model.json": '{"format":"layers-model"}',
    "b/weights.bin": "12345678",
    "b/gradcast.json": '{"id":"bee","name":"Bee"}',
    "a.h5": HDF5,
    "a.gradcast.json": '{"name":"The A"}',
    "c.bin": HDF5,
    "d.keras": "no zip",
    "notes.txt": "",
    "empty/readme.md": "",
  };
  await withFolder(files, async (folder) => {
    const models = await findModels(folder);
    assert.deepEqual(models.map(({ id, name, bytes }) => [id, name, bytes]), [
      ...[["a", "The A", 8], ["bee", "Bee", 58], ["c.bin", "c.bin", 8]],
    ]);
    assert.deepEqual(await findModels(join(folder, "b")), [models[1]]);
  });
});

Deno.test("a path that is no model, and one that is not there, is left to loading it, which says what is wrong", async () => {
  await withFolder(
    { "text.txt": "x", "bad/model.json": "{}", "bad/gradcast.json": "<html>" },
    async (folder) => {
      for (const name of ["text.txt", "nowhere", "bad"]) {
        const [model, ...more] = await findModels(join(folder, name));
        assert.deepEqual([model?.id, model?.path, more], [name, join(folder, name), []]);
      }
    },
  );
});

Deno.test({
  name: "a card that is a pipe is not waited for",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder({ "a.h5": HDF5 }, async (folder) => {
      const card = join(folder, "a.gradcast.json");
      await new Deno.Command("sh", { args: ["-c", 'mkfifo "$0"', card] }).output();
      assert.equal((await Deno.stat(card)).isFifo, true);
      assert.deepEqual((await findModels(join(folder, "a.h5"))).map(({ id }) => id), ["a"]);
    }),
});
