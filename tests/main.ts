/** The first part of `deno task test`: every test but the end-to-end ones, phase after phase. */
import { type Phase, phasesOf, testFiles } from "./support/phases.ts";
import { runTests } from "./support/tries.ts";
import { write } from "./support/write.ts";

/** How the test runner runs; types are checked by `deno task check`. */
const TEST = [
  ...["--node-modules-dir", "--quiet", "--no-check", "--no-prompt", "-P=test"],
  "--v8-flags=--experimental-wasm-revectorize",
];

async function passes({ groups, lanes }: Phase): Promise<boolean> {
  const waiting = [...groups];
  const lane = async () => {
    let all = true;
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const { passed, output } = await runTests(group, TEST, {});
      write(output);
      all &&= passed;
    }
    return all;
  };
  return (await Promise.all(Array.from({ length: lanes }, lane))).every(Boolean);
}

const startMs = performance.now();
let passed = true;
for (const phase of phasesOf(await testFiles())) {
  passed = await passes(phase) && passed;
  write(`${Math.round((performance.now() - startMs) / 1000)} s since the start\n`);
}
Deno.exit(passed ? 0 : 1);
