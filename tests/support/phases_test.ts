import assert from "node:assert/strict";
import { phasesOf, testFiles } from "./phases.ts";

Deno.test("every file of tests is in one group of one phase, the long ones first and what measures alone", async () => {
  const files = await testFiles();
  const phases = phasesOf(files);
  assert.deepEqual(phases.flatMap(({ groups }) => groups.flat()).toSorted(), files);
  assert.ok(files.includes("tests/support/phases_test.ts") && files.includes("tests/fuzz/fuzz_test.ts"));
  assert.ok(!files.some((file) => file.startsWith("tests/e2e/")));
  const [beside, waiting, alone] = phases;
  assert.deepEqual(beside?.groups[0], ["tests/integration/hang_test.ts"]);
  assert.ok(waiting !== undefined && waiting.groups.flat().includes("server/listen/times_test.ts"));
  assert.equal(waiting.lanes, waiting.groups.length);
  assert.deepEqual(alone, { groups: [["tests/integration/shares_test.ts"]], lanes: 1 });
});

Deno.test("a file of tests that is named as long and is not there is left out", () => {
  assert.deepEqual(phasesOf(["shared/a_test.ts"]).map(({ groups }) => groups), [
    [["shared/a_test.ts"]],
    [],
    [],
  ]);
});
