/** `deno task e2e [FILES]`: runs the end-to-end tests in lanes, each with a server and a browser for file after file. */
import { type Lane, startLane } from "./_lane.ts";

/** Lanes at a time: more make a machine of two cores miss what tests wait for. */
const LANES = 2;

/** How the files' own processes run; types are checked by `deno task check`. */
const TEST = [
  ...["test", "--node-modules-dir", "--quiet", "--no-check", "--no-prompt", "-P=e2e"],
  "--v8-flags=--experimental-wasm-revectorize",
];

const FOLDER = "tests/e2e";

/** The given files, or all; the largest first, as a lane that begins a long one last keeps the other one idle. */
async function filesToRun(given: readonly string[]): Promise<string[]> {
  const all = (await Array.fromAsync(Deno.readDir(FOLDER))).map(({ name }) => `${FOLDER}/${name}`);
  const files = given.length > 0 ? given : all.filter((file) => file.endsWith("_test.ts"));
  const sized = await Promise.all(files.map(async (file) => ({ file, size: (await Deno.stat(file)).size })));
  return sized.sort((a, b) => b.size - a.size).map(({ file }) => file);
}

/** Runs file after file until none is left; returns those that failed. */
async function runLane(files: string[]): Promise<string[]> {
  await using lane = await startLane();
  const failed: string[] = [];
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    if (!await runFile(file, lane)) failed.push(file);
  }
  return failed;
}

/** Runs one file, and shows what it wrote once it has ended, so that lanes do not mix their words. */
async function runFile(file: string, { env }: Lane): Promise<boolean> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [...TEST, file],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  await Deno.stderr.write(stderr);
  await Deno.stdout.write(stdout);
  return success;
}

const startMs = performance.now();
const files = await filesToRun(Deno.args);
const count = files.length;
const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => runLane(files)));
const failed = lanes.flatMap((lane) => {
  // A lane ends what it started before another one's fault ends the run.
  if (lane.status === "rejected") throw lane.reason;
  return lane.value;
});
const seconds = Math.round((performance.now() - startMs) / 1000);
const outcome = failed.length === 0 ? "all passed" : `failed: ${failed.join(", ")}`;
await Deno.stdout.write(new TextEncoder().encode(`${count} files in ${seconds} s, ${outcome}\n`));
Deno.exit(failed.length === 0 ? 0 : 1);
