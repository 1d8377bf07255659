/** Processes with few files (N2): filled with connections, they live on and answer again. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { SMALL_MODEL, startServer } from "../support/server.ts";
import { Wire } from "../support/wire.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

function withFiles(count: number): readonly [string, ...string[]] {
  return ["sh", "-c", `ulimit -n ${count}; exec "$@"`, "sh"];
}

Deno.test("N2: accepting continues after it has failed, in the same process", async () => {
  const [command, ...within] = withFiles(64);
  const child = new Deno.Command(command, {
    args: [...within, "deno", "run", "--quiet", "-P=test", "--no-prompt", "tests/support/short_of_files.ts"],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  const hear = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(said)) {
      const { done, value } = await reader.read();
      assert.ok(!done, `the server has ended: ${said}`);
      said += value;
    }
    return pattern.exec(said)?.[1] ?? "";
  };
  try {
    const port = Number(await hear(/port (\d+)/));
    const wires: Wire[] = [];
    // The system's queue takes those for which the server has no file.
    while (wires.length < 100) wires.push(await Wire.open(port));
    await hear(/fault (.*)\n/);
    for (const wire of wires) wire[Symbol.dispose]();
    using wire = await Wire.open(port, GET);
    assert.match(await wire.until(/there/), /<there>$/);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await reader.cancel();
  }
});

Deno.test("N2: a server with 256 files answers while it is filled with idle connections, and after", async () => {
  const data = await Deno.makeTempDir({ prefix: "gradcast-files-" });
  const wires: Wire[] = [];
  try {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data], withFiles(256));
    while (wires.length < 400) {
      wires.push(await Wire.open(server.port));
      await setImmediate();
    }
    const page = async () => {
      using wire = await Wire.open(server.port, GET.replace("/ ", "/favicon.svg "));
      assert.match(await wire.until(/<\/svg>/), /^HTTP\/1\.1 200 [^]*<\/svg>/);
    };
    await page();
    for (const wire of wires.splice(0)) wire[Symbol.dispose]();
    await page();
    const health = await (await fetch(`${server.url}/healthz`)).json();
    assert.equal(health.status, "ok", JSON.stringify(health));
  } finally {
    for (const wire of wires) wire[Symbol.dispose]();
    await Deno.remove(data, { recursive: true });
  }
});
