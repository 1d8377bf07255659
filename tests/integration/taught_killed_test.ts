/** A server that is killed while it keeps a head: the one before is there whole, or the new one. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openTaughtStore } from "../../server/store/mod.ts";

const SCRIPT = fileURLToPath(new URL("../support/keeps_heads.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

Deno.test("O4: a head that was acknowledged outlives a kill while the next one is written", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-killed-" });
  try {
    const child = new Deno.Command("deno", {
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-check", `--config=${CONFIG}`],
        ...["--allow-read", "--allow-write", SCRIPT, folder],
      ],
      ...{ stdout: "piped", stderr: "inherit" },
    }).spawn();
    let acknowledged = 0;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      acknowledged = Number(text.trim().split("\n").at(-1));
      // The next one is being written.
      if (acknowledged >= 3) child.kill("SIGKILL");
    }
    await child.status;
    const store = await openTaughtStore(folder);
    const head = await store.head("mugs") ?? assert.fail("no head was kept");
    const number = Number(head.lesson);
    assert.ok(number >= acknowledged && number <= acknowledged + 1, `${number} after ${acknowledged}`);
    assert.ok(head.bytes.length === 4_000_000 && head.bytes.every((byte) => byte === number));
    await store.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
