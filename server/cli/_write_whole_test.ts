import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWhole } from "./_write_whole.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-write-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("writeWhole() writes a new file, replaces an old one and leaves nothing else behind", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "map.npy");
    for (const text of ["long content", "short"]) {
      await writeWhole(file, new TextEncoder().encode(text));
      assert.equal(await Deno.readTextFile(file), text);
    }
    assert.deepEqual(await namesIn(folder), ["map.npy"]);
  });
});

Deno.test("writeWhole() leaves what was there, and nothing half written, where it fails", async () => {
  await inFolder(async (folder) => {
    const missing = join(folder, "none", "map.npy");
    await assert.rejects(writeWhole(missing, new Uint8Array(3)), Deno.errors.NotFound);
    const taken = join(folder, "map.npy");
    await Deno.mkdir(join(taken, "inside"), { recursive: true });
    await assert.rejects(writeWhole(taken, new Uint8Array(3)));
    assert.deepEqual(await namesIn(folder), ["map.npy"]);
  });
});

Deno.test({
  name: "writeWhole() replaces what a link leads to",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "real"), "old");
      await Deno.symlink(join(folder, "real"), join(folder, "link"));
      await writeWhole(join(folder, "link"), new TextEncoder().encode("new"));
      assert.equal(await Deno.readTextFile(join(folder, "real")), "new");
      assert.ok((await Deno.lstat(join(folder, "link"))).isSymlink);
    });
  },
});
