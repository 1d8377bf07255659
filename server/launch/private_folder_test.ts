import assert from "node:assert/strict";
import { makeSocketPath, removeSocketFolder, removeStaleFolders, type RunProgram } from "./private_folder.ts";

function programs(folder: string | null) {
  const asked: string[] = [];
  const run: RunProgram = (name, args) => {
    asked.push([name, ...args].join(" "));
    return Promise.resolve(name === "mktemp" ? folder : "");
  };
  return { asked, run };
}

Deno.test("makeSocketPath() names a socket in a new folder, and removeSocketFolder() removes that folder", async () => {
  const { asked, run } = programs("/tmp/gradcast.x7\n");
  const path = await makeSocketPath(run);
  assert.equal(path, "/tmp/gradcast.x7/engine");
  await removeSocketFolder(path, run);
  assert.deepEqual(asked, ["mktemp -d -t gradcast.XXXXXXXX", "rm -rf -- /tmp/gradcast.x7"]);
});

Deno.test("makeSocketPath() has none where there is no mktemp, or the path is none for a socket or a flag", async () => {
  assert.equal(await makeSocketPath(programs(null).run), null);
  assert.equal(await makeSocketPath(programs("").run), null);
  for (const folder of [`/${"x".repeat(97)}`, "/tmp/a,b"]) {
    const { asked, run } = programs(folder);
    assert.equal(await makeSocketPath(run), null);
    assert.equal(asked.at(-1), `rm -rf -- ${folder}`);
  }
  assert.notEqual(await makeSocketPath(programs(`/${"x".repeat(95)}`).run), null);
});

/** Runs programs of the system; the tests may start a shell alone. */
const runProgram: RunProgram = async (name, args) => {
  const command = new Deno.Command("sh", { args: ["-c", 'exec "$0" "$@"', name, ...args], stdin: "null" });
  const { success, stdout } = await command.output();
  return success ? new TextDecoder().decode(stdout) : null;
};

Deno.test({
  name: "removeStaleFolders() removes this user's old and empty folders, and nothing else",
  ignore: Deno.build.os === "windows",
  async fn() {
    const place = await Deno.makeTempDir();
    try {
      const uid = (await Deno.stat(place)).uid ?? assert.fail("no owner");
      const old = new Date(Date.now() - 2 * 60 * 60_000);
      for (
        const name of [
          "gradcast.aaaaaaaa",
          "gradcast.bbbbbbbb",
          "gradcast.cccccccc",
          "other.dddddddd",
          "mine",
        ]
      ) {
        await Deno.mkdir(`${place}/${name}`);
      }
      await Deno.writeTextFile(`${place}/gradcast.bbbbbbbb/engine`, "a socket");
      await Deno.symlink(`${place}/mine`, `${place}/gradcast.eeeeeeee`);
      for (const name of ["gradcast.aaaaaaaa", "gradcast.bbbbbbbb", "other.dddddddd", "mine"]) {
        await Deno.utime(`${place}/${name}`, old, old);
      }
      const names = () => Array.fromAsync(Deno.readDir(place), ({ name }) => name).then((all) => all.sort());
      const before = await names();
      await removeStaleFolders(`${place}/gradcast.ffffffff/engine`, uid + 1, runProgram);
      assert.deepEqual(await names(), before, "those of another user");
      await removeStaleFolders(`${place}/gradcast.ffffffff/engine`, uid, runProgram);
      assert.deepEqual(await names(), before.filter((name) => name !== "gradcast.aaaaaaaa"));
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
});
