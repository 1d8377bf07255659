import assert from "node:assert/strict";
import { makeSocketPath, removeSocketFolder, type RunProgram } from "./private_folder.ts";

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
