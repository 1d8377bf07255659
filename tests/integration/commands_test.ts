/** The commands as a person types them, each in a process of its own. */
import assert from "node:assert/strict";
import { readNpy } from "../../server/report/mod.ts";
import { correlation, readGolden } from "../support/goldens.ts";
import { startServer } from "../support/server.ts";

/** What stopping may take, in ms: 3,000, and the time of a loaded machine to end processes. */
const STOP_MS = 10_000;

/** What the task `start` does once the page is built. */
function launch(...args: string[]): ReturnType<typeof deno> {
  const permissions = ["-P=launch", `--allow-run=${Deno.execPath()},cat,find,mktemp,rm,tail`];
  return deno(
    "run",
    "--quiet",
    "--config",
    "start.json",
    ...permissions,
    "--no-prompt",
    "server/launch.ts",
    ...args,
  );
}

interface StartedTask extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly url: string;
  /** Everybody who could write on the task's output has ended. */
  readonly ended: Promise<void>;
}

/** Starts `deno task start` and waits for its address. */
async function startTask(flags: readonly string[]): Promise<StartedTask> {
  const child = new Deno.Command("deno", {
    args: ["task", "--quiet", "start", "--port", "0", ...flags],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("ready at")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start the task: it ended early, and said ${text}`);
    text += value;
  }
  const readOn = async () => {
    while (!(await reader.read()).done);
  };
  const ended = readOn();
  return {
    child,
    url: /ready at (http:\/\/\S+)/.exec(text)?.[1] ?? "",
    ended,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await child.status;
      await ended;
    },
  };
}

interface Folder extends AsyncDisposable {
  readonly path: string;
}

async function temporaryFolder(): Promise<Folder> {
  const path = await Deno.makeTempDir({ prefix: "gradcast-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

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

Deno.test("deno task explain-table explains a sample, and writes its report", async () => {
  await using folder = await temporaryFolder();
  const report = `${folder.path}/report.html`;
  const args = ["--sample", "breast-cancer", "--head", "tree", "--json", "--report", report];
  const { code, stdout, stderr } = await deno("task", "--quiet", "explain-table", ...args);
  assert.deepEqual([code, stderr], [0, ""]);
  const { prepared, results } = JSON.parse(stdout);
  assert.deepEqual([prepared.rows, results[0].head.tree.nodes.length], [569, 43]);
  assert.match(await Deno.readTextFile(report), /Decision tree of 43 nodes/);
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
          ...[
            "run",
            "--quiet",
            "--config",
            "start.json",
            "-P=explain",
            "--no-prompt",
            "server/cli/explain.ts",
            ...photos,
          ],
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
  const { code, stderr } = await launch("--port", String(first.port));
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`${first.port}.*--port`));
});

Deno.test("the launcher refuses an empty host and one that this machine does not have", async () => {
  const refusals = [["", /expected a value behind --host/], [
    "192.0.2.1",
    /^Cannot listen.*192\.0\.2\.1/,
  ]] as const;
  for (const [host, words] of refusals) {
    const { code, stderr } = await launch("--port", "0", "--host", host);
    assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
  }
});

Deno.test("the engine's process says what it expects when somebody starts it by hand", async () => {
  const { code, stdout, stderr } = await deno(
    "run",
    "--quiet",
    "--no-prompt",
    "server/engine/process/main.ts",
  );
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^Cannot run the engine: expected .*, got none\. .*deno task start/);
});

Deno.test("the launcher shows a flag that a terminal obeys as text", async () => {
  const { code, stderr } = await launch("--data", "a\x1b[31mb,c");
  assert.equal(code, 2);
  assert.match(stderr, /a\\u001b\[31mb,c/);
  assert.equal(stderr.includes("\x1b"), false);
});

Deno.test({
  name: "a signal to deno task start stops the server: stores closed, exit code 0, at most 3 s",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    // No permission for this folder stands in any file.
    const data = `${folder.path}/elsewhere`;
    await using started = await startTask(["--data", data]);
    const { url } = started;
    assert.equal((await (await fetch(`${url}/healthz`)).json()).status, "ok");
    // A download that nobody reads must not hold the stop up, nor the stores.
    const slow = await fetch(`${url}/api/log/export.csv`);
    const begun = performance.now();
    started.child.kill("SIGTERM");
    const { code } = await started.child.status;
    assert.equal(code, 0);
    assert.ok(performance.now() - begun < STOP_MS);
    await slow.body?.cancel().catch(() => {});
    await assert.rejects(fetch(`${url}/healthz`));
    // SQLite takes these away when the last connection is closed.
    const names = await Array.fromAsync(Deno.readDir(data), ({ name }) => name);
    assert.deepEqual(names.filter((name) => /-(wal|shm)$/.test(name)), []);
    assert.ok(names.includes("log.sqlite"));
  },
});

Deno.test({
  name: "a task that is killed without a word does not leave its server behind",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await temporaryFolder();
    await using started = await startTask(["--data", `${folder.path}/data`]);
    started.child.kill("SIGKILL");
    await started.child.status;
    // The output ends when launcher and server have ended, which hold its other end.
    await started.ended;
    await assert.rejects(fetch(`${started.url}/healthz`));
  },
});
