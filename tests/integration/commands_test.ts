/** The commands as a person types them, each in a process of its own. */
import assert from "node:assert/strict";
import { readNpy } from "../../server/report/mod.ts";
import { correlation, readGolden } from "../support/goldens.ts";
import { startServer } from "../support/server.ts";

async function deno(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args,
    stdin: "null",
    env: { NO_COLOR: "1" },
  })
    .output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("deno task explain --json prints one document and nothing else, and --map writes the raw map", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-explain-" });
  try {
    const image = "tests/fixtures/photos/coffee.png";
    const file = `${folder}/map.npy`;
    const { code, stdout, stderr } = await deno("task", "explain", image, "--json", "--map", file);
    assert.equal(code, 0, stderr);
    const { model, predictions, attribution, input } = JSON.parse(stdout);
    assert.equal(model, "efficientnet-lite0");
    assert.deepEqual(input, { width: 224, height: 224 });
    assert.equal(predictions.length, 5);
    assert.equal(predictions[0].label, "espresso");
    assert.deepEqual(attribution.shape, [7, 7]);
    assert.deepEqual(attribution.class, { index: 967, label: "espresso" });
    const golden = await readNpy(await Deno.readFile((await readGolden("coffee")).file("grad-cam", 967)));
    const map = await readNpy(await Deno.readFile(file));
    assert.deepEqual(map.shape, golden.shape);
    assert.ok(correlation(map.values, golden.values) >= 0.9999);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task explain refuses bad input with one sentence and exit code 2", async () => {
  const { code, stdout, stderr } = await deno("task", "--quiet", "explain", "no-such-picture.png", "--json");
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /no-such-picture\.png/);
});

Deno.test({
  name: "Ctrl-C ends deno task explain with exit code 130, and no file is half written",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-explain-" });
    try {
      const photos = ["coffee", "camera"].map((name) => `tests/fixtures/photos/${name}.png`);
      const outputs = ["--map", `${folder}/map.npy`, "--report", `${folder}/report.html`];
      const child = new Deno.Command("deno", {
        args: [
          ...["run", "--quiet", "-P=explain", "--no-prompt", "server/cli/explain.ts", ...photos],
          ...["--method", "occlusion", "--stride", "32", ...outputs],
        ],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        env: { NO_COLOR: "1" },
      }).spawn();
      // The first picture's summary is printed once it is explained; the second one is then under way.
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill("SIGINT");
      const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
      await reader.cancel();
      assert.deepEqual([code, stderr], [130, "Interrupted.\n"]);
      // The first picture was finished, the second and the report of both were not.
      const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assert.deepEqual(names, ["map-coffee.npy"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("the server prints its address once it accepts connections, and stops on a signal", async () => {
  await using server = await startServer();
  const health = await fetch(`${server.url}/healthz`);
  assert.equal((await health.json()).status, "ok");
});

Deno.test("the server refuses a port that is taken, and takes the next free one when none is named", async () => {
  await using first = await startServer();
  const { code, stderr } = await deno(
    "run",
    "-P=start",
    "--no-prompt",
    "server/main.ts",
    "--port",
    String(first.port),
  );
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`${first.port}.*--port`));
});

Deno.test("the server refuses a host that its permissions do not cover, with the ones that they do", async () => {
  const args = [
    "run",
    "--quiet",
    "-P=start",
    "--no-prompt",
    "server/main.ts",
    "--port",
    "0",
    "--host",
    "192.0.2.1",
  ];
  const { code, stderr } = await deno(...args);
  assert.equal(code, 2);
  assert.match(stderr, /^Cannot listen as --host takes localhost.*current value is 192\.0\.2\.1\n$/);
});
