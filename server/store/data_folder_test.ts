import assert from "node:assert/strict";
import { join } from "node:path";
import { openDataFolder } from "./data_folder.ts";

async function inFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(join(folder, "data"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a data folder is one server's at a time; the other one learns whose, until it is let go", () =>
  inFolder(async (path) => {
    const [first, second] = [openDataFolder(path), openDataFolder(path)];
    assert.equal(await first.ensure(), 1);
    assert.equal(await first.ensure(), 1, "it stays the same");
    await first.announce("http://localhost:8123");
    await assert.rejects(second.ensure(), {
      code: "data-in-use",
      message:
        `Cannot use the data folder ${path}: the process ${Deno.pid} at http://localhost:8123 uses it; ` +
        "stop that one, or choose another folder with --data",
    });
    await first.close();
    assert.equal(await second.ensure(), 1);
    await second.close();
    await assert.rejects(second.ensure(), { code: "server-closing" });
  }));

Deno.test("a data folder that is deleted is made again, and counted as another", () =>
  inFolder(async (path) => {
    const folder = openDataFolder(path);
    await folder.ensure();
    await Deno.remove(path, { recursive: true });
    assert.deepEqual(await Promise.all([folder.ensure(), folder.ensure()]), [2, 2]);
    await folder.close();
  }));

Deno.test("a data folder does not repeat what another process wrote about itself unless it is what it should be", () =>
  inFolder(async (path) => {
    const [first, second] = [openDataFolder(path), openDataFolder(path)];
    await first.ensure();
    for (const text of ["", "[]", '{"pid":"7"}', '{"pid":7,"address":"http://a\\u001b[2Jb"}']) {
      await Deno.writeTextFile(join(path, "gradcast.holder.json"), text);
      await assert.rejects(second.ensure(), { message: /: another process uses it/ });
    }
    await first.close();
  }));

Deno.test("a data folder that is a file, or lies in one, is refused as everything is that cannot be used", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path, "no folder");
    for (const each of [path, join(path, "below")]) {
      await assert.rejects(openDataFolder(each).ensure(), {
        code: "data-unusable",
        message: new RegExp(`^Cannot use the data folder ${each}: `),
      });
    }
  }));

Deno.test({
  name: "a data folder without permission says what to do",
  permissions: { read: true, write: false },
  fn: async () => {
    const folder = openDataFolder("elsewhere");
    await assert.rejects(folder.ensure(), {
      code: "data-unusable",
      message: /start the server with the task start/,
    });
  },
});
