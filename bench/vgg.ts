/**
 * `deno task bench-vgg [FOLDER]`: what VGG16 takes of the machine's memory, every method on the command line and live.
 *
 * The weights are random: they cost what trained ones do. FOLDER may hold a VGG16 of one's own; without it one is
 * written into a temporary folder. The largest resident set of each command, and of the server with its engine, is
 * printed, looked at 20 times a second.
 */
import { setTimeout } from "node:timers/promises";
import { METHODS } from "../server/methods/mod.ts";
import type { OptionValues } from "../shared/protocol.ts";
import { GRAD_CAM_VIEW, LiveClient } from "../tests/support/live_client.ts";
import { processTree } from "../tests/support/processes.ts";
import { startServer } from "../tests/support/server.ts";
import { VGG16, writeVgg } from "../tests/support/vgg_folder.ts";

const PHOTO = "tests/fixtures/photos/coffee.png";

/** Projections need global average pooling, which VGG16 has not. */
const LEFT_OUT: readonly string[] = ["cam", "attention-rollout", "attention-gradient", "legrad"];

/** Enough samples, windows and steps for full batches. */
const SHORT: Readonly<Record<string, OptionValues>> = {
  smoothgrad: { samples: 16 },
  "integrated-gradients": { steps: 16 },
  occlusion: { budget: 16 },
  "score-cam": { "top-channels": 16 },
  rise: { masks: 16 },
  "feature-visualization": { steps: 4 },
};

const LOOK_MS = 50;
const KB_PER_MB = 1000;

async function main(): Promise<void> {
  const [given] = Deno.args;
  const folder = given ?? await Deno.makeTempDir();
  try {
    if (given === undefined) await writeVgg(folder, VGG16);
    const methods = METHODS.map(({ id }) => id).filter((id) => !LEFT_OUT.includes(id));
    say("the command line: seconds, largest resident set in MB");
    for (const method of methods) await report(method, () => onCommandLine(folder, method));
    say("live, one server for all: seconds, its largest resident set so far in MB");
    await live(folder, methods);
  } finally {
    if (given === undefined) await Deno.remove(folder, { recursive: true });
  }
}

async function report(name: string, run: () => Promise<number>): Promise<void> {
  const startMs = performance.now();
  const peak = await run();
  const seconds = (performance.now() - startMs) / 1000;
  say(`${name.padEnd(24)} ${seconds.toFixed(1).padStart(7)} ${peak.toFixed(0).padStart(7)}`);
}

async function onCommandLine(folder: string, method: string): Promise<number> {
  const options = Object.entries(SHORT[method] ?? {}).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--config=start.json",
      "--v8-flags=--experimental-wasm-revectorize",
      "-P=explain",
      "--no-prompt",
      "server/cli/explain.ts",
      PHOTO,
      "--model",
      folder,
      "--method",
      method,
      ...options,
    ],
    stdout: "null",
  }).spawn();
  const peak = watch(child.pid);
  const { success } = await child.status;
  if (!success) throw new Error(`Cannot measure ${method}: the command failed`);
  return await peak.end();
}

async function live(folder: string, methods: readonly string[]): Promise<void> {
  const data = await Deno.makeTempDir();
  await using server = await startServer(0, ["--model", folder, "--data", data]);
  const peak = watch(server.launcher.pid);
  const picture = await Deno.readFile(PHOTO);
  for (const method of methods) {
    await report(method, async () => {
      await using client = await LiveClient.greet(server.port, {
        ...GRAD_CAM_VIEW,
        method,
        options: SHORT[method] ?? {},
      });
      client.frame(1, picture);
      const answer = await client.tileOrError(({ complete }) => complete);
      if ("type" in answer) throw new Error(`Cannot measure ${method}: ${answer.message}`);
      return peak.most();
    });
  }
  await peak.end();
  await Deno.remove(data, { recursive: true });
}

/** Looks at a process and what it started, all together, until `end`. */
function watch(pid: number) {
  let most = 0;
  let ended = false;
  const looking = (async () => {
    while (!ended) {
      const bytes = (await processTree(pid)).reduce((sum, { rssBytes }) => sum + rssBytes, 0);
      most = Math.max(most, bytes / 1000 / KB_PER_MB);
      await setTimeout(LOOK_MS);
    }
  })();
  return {
    most: () => most,
    async end(): Promise<number> {
      ended = true;
      await looking;
      return most;
    },
  };
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
