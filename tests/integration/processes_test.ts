/** Launcher, server and engine: whichever of them ends, and however, nothing is left behind. */
import assert from "node:assert/strict";
import { killProcess, processTree } from "../support/processes.ts";
import {
  launcherCommand,
  type RunningServer,
  SMALL_MODEL,
  type StartOptions,
  startServer,
} from "../support/server.ts";
import { LiveClient } from "../support/live_client.ts";
import { until } from "../support/until.ts";

const PHOTO = await Deno.readFile("tests/fixtures/photos/coffee.png");

/** What stopping may take, in ms: 3,000, and the time of a loaded machine to start and end processes. */
const STOP_MS = 10_000;

/** What may pass until an engine that does not run is ended, in ms: 5,000, and the time of a loaded machine. */
const SILENT_MS = 15_000;

const ENGINE = /\/engine\/process\/main\.ts (\S+)$/;

interface Parts {
  readonly pids: readonly number[];
  readonly engine: number;
  /** Folder of the socket between server and engine. */
  readonly folder: string;
}

async function partsOf(server: RunningServer): Promise<Parts> {
  const processes = await server.processes();
  const engine = processes.find(({ args }) => ENGINE.test(args)) ?? assert.fail("there is no engine");
  const socket = ENGINE.exec(engine.args)?.[1] ?? "";
  assert.equal((await Deno.stat(socket)).isSocket, true);
  const folder = socket.slice(0, socket.lastIndexOf("/"));
  assert.equal(((await Deno.stat(folder)).mode ?? 0) & 0o777, 0o700, "nobody else reaches the socket");
  return { pids: processes.map(({ pid }) => pid), engine: engine.pid, folder };
}

/** Resolves when none of the processes is left; returns how long that took, in ms. */
async function gone(pids: readonly number[]): Promise<number> {
  const begun = performance.now();
  for (const pid of pids) await until(() => processTree(pid), ({ length }) => length === 0);
  return performance.now() - begun;
}

async function leavesNothing(
  act: (server: RunningServer, parts: Parts) => Promise<void>,
  code: number | null,
  { port = 0, ...options }: StartOptions & { readonly port?: number } = {},
): Promise<void> {
  const data = await Deno.makeTempDir({ prefix: "gradcast-processes-" });
  try {
    await using server = await startServer(port, [...SMALL_MODEL, "--data", data], [], options);
    const parts = await partsOf(server);
    assert.equal(parts.pids.length, 3, "launcher, server, engine");
    await act(server, parts);
    assert.ok(await gone(parts.pids) < STOP_MS);
    const status = await server.launcher.status;
    if (code !== null) assert.equal(status.code, code);
    await assert.rejects(Deno.stat(parts.folder), Deno.errors.NotFound);
    const names = await Array.fromAsync(Deno.readDir(data), ({ name }) => name);
    if (code === 0) assert.deepEqual(names.filter((name) => /-(wal|shm)$/.test(name)), []);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** A port that nobody listens on: one that the system picks is another one after a start. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });

for (const signal of ["TERM", "INT"] as const) {
  test(`SIG${signal} to the launcher ends all three, with exit code 0`, async () => {
    await leavesNothing(({ launcher }) => killProcess(launcher.pid, signal), 0);
  });
}

test("Ctrl+C, which reaches all three at once, ends them in order, with exit code 0", async () => {
  await leavesNothing(async (_server, { pids }) => {
    await Promise.all(pids.map((pid) => killProcess(pid, "INT")));
  }, 0);
});

test("a launcher that is killed takes server and engine along", async () => {
  await leavesNothing(({ launcher }) => killProcess(launcher.pid, "KILL"), null);
});

test("a server that is killed takes engine and launcher along", async () => {
  await leavesNothing((server) => server.kill(), null);
});

test("a server that follows its sources starts again with its engine, and stops with exit code 0", async () => {
  const port = freePort();
  await leavesNothing(
    async (server, { engine }) => {
      const health = async () => await (await fetch(`${server.url}/healthz`)).json();
      const { startedMs } = await health();
      // A source that the engine's process alone loads: touched, not changed.
      await Deno.utime("server/engine/worker/batch/core.ts", new Date(), new Date());
      await until(() => health().catch(() => ({ startedMs })), (after) => after.startedMs !== startedMs);
      assert.notEqual((await partsOf(server)).engine, engine);
      await killProcess(server.launcher.pid, "TERM");
    },
    0,
    { port, watch: true },
  );
});

/** Starts the launcher with temporary files of its own, and does not wait until the server is ready. */
async function duringStart(act: (launcher: Deno.ChildProcess) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-start-" });
  try {
    const temporary = `${folder}/tmp`;
    await Deno.mkdir(temporary);
    const launcher = new Deno.Command("deno", {
      args: [...launcherCommand([...SMALL_MODEL, "--port", "0", "--data", `${folder}/data`])],
      env: { NO_COLOR: "1", TMPDIR: temporary },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await act(launcher);
    await launcher.status;
    assert.deepEqual(await Array.fromAsync(Deno.readDir(temporary)), [], "the socket's folder is removed");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Resolves with all processes of the launcher when the one whose arguments match is among them. */
async function appears(launcher: Deno.ChildProcess, args: RegExp): Promise<readonly number[]> {
  for (;;) {
    const tree = await processTree(launcher.pid);
    if (tree.some((one) => args.test(one.args))) return tree.map(({ pid }) => pid);
  }
}

test("a launcher that is killed while the server starts takes it along, and the socket's folder", async () => {
  for (let round = 0; round < 2; round++) {
    await duringStart(async (launcher) => {
      const pids = await appears(launcher, /server\/main\.ts/);
      await killProcess(launcher.pid, "KILL");
      assert.ok(await gone(pids) < STOP_MS);
    });
  }
});

test("a signal at the launcher while it prepares the start, or as the server appears, leaves nothing behind", async () => {
  for (const signal of ["INT", "TERM"] as const) {
    for (const moment of [/^(mktemp|cat|tail) |server\/main\.ts/, /server\/main\.ts/]) {
      await duringStart(async (launcher) => {
        const pids = await appears(launcher, moment);
        await killProcess(launcher.pid, signal);
        assert.ok(await gone(pids) < STOP_MS);
        assert.equal((await launcher.status).code, 0);
      });
    }
  }
});

/** As the system ends a process where memory runs out; and one that is stopped, and so cannot end by itself. */
for (const [what, signal] of [["killed", "KILL"], ["stopped", "STOP"]] as const) {
  test(`Z5: an engine's process that is ${what} is replaced, and the server lives on`, async () => {
    const data = await Deno.makeTempDir({ prefix: "gradcast-processes-" });
    try {
      await using server = await startServer(0, [...SMALL_MODEL, "--data", data]);
      const before = await partsOf(server);
      const health = async () => await (await fetch(`${server.url}/healthz`)).json();
      const { startedMs } = await health();
      await killProcess(before.engine, signal);
      const after = await until(health, ({ engine }) => engine.restarts > 0);
      assert.equal(after.status, "degraded");
      assert.ok(await gone([before.engine]) < SILENT_MS);
      await using client = await LiveClient.greet(server.port);
      client.frame(1, PHOTO);
      await client.message("result");
      const { pids, engine } = await partsOf(server);
      assert.deepEqual([pids.length, pids.includes(before.engine)], [3, false]);
      assert.notEqual(engine, before.engine);
      assert.equal((await health()).startedMs, startedMs);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  });
}

test("without a folder for the socket the engine runs in the server: one line says so, as JSON where wanted, and /healthz", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-start-" });
  const port = freePort();
  try {
    const launcher = new Deno.Command("deno", {
      args: [
        ...launcherCommand([
          ...SMALL_MODEL,
          "--port",
          String(port),
          "--data",
          `${folder}/data`,
          "--log-format",
          "json",
        ]),
      ],
      env: { NO_COLOR: "1", TMPDIR: `${folder}/missing` },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = launcher.output();
    const health = await until(
      () => fetch(`http://localhost:${port}/healthz`).then((answer) => answer.json(), () => null),
      (answer) => answer !== null,
    );
    assert.deepEqual(health.engineProcess, { own: false });
    await killProcess(launcher.pid, "TERM");
    const { stderr } = await output;
    const lines = new TextDecoder().decode(stderr).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ level }) => level), ["warn"]);
    assert.match(lines[0].message, /the engine runs in the server's own process: expected TMPDIR/u);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("flags that are refused are refused as JSON where that is the form of lines", async () => {
  const args = [...launcherCommand(["--log-format", "json", "--port", "abc"])];
  const { code, stderr } = await new Deno.Command("deno", { args, stdin: "null" }).output();
  assert.equal(code, 2);
  assert.match(JSON.parse(new TextDecoder().decode(stderr)).message, /--port/u);
});
