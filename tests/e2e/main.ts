/** `deno task e2e [FILES]`: runs the end-to-end tests in lanes, each with a server and a browser for file after file. */
import { runInLanes, runTests } from "../support/tries.ts";
import { write } from "../support/write.ts";
import { startLane } from "./_lane.ts";

/** Lanes at a time: with a browser that draws no windows two of them leave a third of two cores idle. */
const LANES = 3;

/** How the files' own processes run; types are checked by `deno task check`. */
const TEST = [
  ...["--node-modules-dir", "--quiet", "--no-check", "--no-prompt", "-P=e2e"],
  "--v8-flags=--experimental-wasm-revectorize",
];

const FOLDER = "tests/e2e";

/** Files that take longer than their size says: what they run lies beside them. */
const LONG = /axe_|record_faults|teach/;

/** The given files, or all; the longest and then the largest first, as a lane that begins a long one last keeps the other one idle. */
async function filesToRun(given: readonly string[]): Promise<string[]> {
  const all = (await Array.fromAsync(Deno.readDir(FOLDER))).map(({ name }) => `${FOLDER}/${name}`);
  const files = given.length > 0 ? given : all.filter((file) => file.endsWith("_test.ts"));
  const sized = await Promise.all(
    files.map(async (file) => ({ file, long: LONG.test(file) ? 1 : 0, size: (await Deno.stat(file)).size })),
  );
  return sized.sort((a, b) => b.long - a.long || b.size - a.size).map(({ file }) => file);
}

const startMs = performance.now();
const files = await filesToRun(Deno.args);
const { failed, unsteady } = await runInLanes(files, LANES, {
  startLane,
  runFile: (file, { env }) => runTests([file], TEST, env),
  write,
});
const seconds = Math.round((performance.now() - startMs) / 1000);
const outcome = failed.length === 0 ? "all passed" : `failed: ${failed.join(", ")}`;
const doubts = unsteady.length === 0 ? "" : `, unsteady: ${unsteady.join(", ")}`;
write(`${files.length} files in ${seconds} s, ${outcome}${doubts}\n`);
Deno.exit(failed.length === 0 ? 0 : 1);
