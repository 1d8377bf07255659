import assert from "node:assert/strict";
import { type Outcome, runInLanes, runTests } from "./tries.ts";

/** A file of tests that fails as often as it says, and counts its runs in a file beside it. */
const failing = (times: number) => `
  Deno.test("first", () => {});
  Deno.test("second", () => {
    const count = new URL("count-${times}", import.meta.url);
    const runs = (() => { try { return Deno.readTextFileSync(count).length; } catch { return 0; } })();
    Deno.writeTextFileSync(count, "x", { append: true });
    if (runs < ${times}) throw new Error("failure " + runs);
  });
`;

/** Runs files that fail so often, in two lanes; also returns what is written, and the lanes that each file ran in. */
async function run(
  times: readonly number[],
): Promise<Outcome & { written: string; lanes: readonly string[]; ended: number }> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-tries-" });
  try {
    const files = times.map((count) => `${folder}/fails_${count}_test.ts`);
    for (const [at, file] of files.entries()) await Deno.writeTextFile(file, failing(times[at] ?? 0));
    let [written, started, ended] = ["", 0, 0];
    const lanes: string[] = [];
    const outcome = await runInLanes(files, 2, {
      startLane: () => {
        const id = started++;
        return Promise.resolve({ id, [Symbol.asyncDispose]: () => Promise.resolve(void ended++) });
      },
      runFile: (file, { id }) => {
        lanes.push(`${file.slice(folder.length + 1)} in ${id < 2 ? "a shared lane" : `lane ${id}`}`);
        const allowed = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        return runTests([file], ["--quiet", "--no-check", "--no-prompt", "--no-config", ...allowed], {});
      },
      write: (text) => void (written += text),
    });
    const name = (file: string) => file.slice(folder.length + 1);
    return {
      failed: outcome.failed.map(name),
      unsteady: outcome.unsteady.map(name),
      ...{ written: written.replaceAll(`${folder}/`, ""), lanes, ended },
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The closing lines that `.ci/run` sums up. */
const closing = (written: string) =>
  written.match(/^(?:ok|FAILED) \| .*(?= \()/gm)?.map((line) => line.trim()).toSorted();

Deno.test("a file that fails once runs again alone, is shown twice, counts once and is named as unsteady", async () => {
  const { failed, unsteady, written, lanes, ended } = await run([0, 1]);
  assert.deepEqual([failed, unsteady], [[], ["fails_1_test.ts"]]);
  assert.deepEqual(lanes.toSorted(), [
    "fails_0_test.ts in a shared lane",
    "fails_1_test.ts in a shared lane",
    "fails_1_test.ts in lane 2",
  ]);
  assert.equal(ended, 3, "every lane has ended");
  assert.match(written, /^first try \| .*failure 0$/m);
  assert.match(written, /^first try \| FAILED \| 1 passed \| 1 failed/m);
  assert.match(written, /^UNSTEADY: fails_1_test\.ts failed, then passed$/m);
  assert.deepEqual(closing(written), ["ok | 2 passed | 0 failed", "ok | 2 passed | 0 failed"]);
});

Deno.test("a file that fails twice has failed, and is not called unsteady", async () => {
  const { failed, unsteady, written, lanes } = await run([2, 1]);
  assert.deepEqual([failed, unsteady], [["fails_2_test.ts"], ["fails_1_test.ts"]]);
  assert.equal(lanes.filter((line) => line.endsWith("in lane 2")).length, 2);
  assert.match(written, /^error: .*failure 1$/m);
  assert.doesNotMatch(written, /UNSTEADY: fails_2/);
  assert.deepEqual(closing(written), ["FAILED | 1 passed | 1 failed", "ok | 2 passed | 0 failed"]);
});

Deno.test("where all files pass nothing runs twice", async () => {
  const { failed, unsteady, written, lanes } = await run([0]);
  assert.deepEqual([failed, unsteady, lanes.length], [[], [], 1]);
  assert.doesNotMatch(written, /once more|UNSTEADY/);
});
