import assert from "node:assert/strict";
import { phasesOf, testFiles } from "./phases.ts";

Deno.test("every file of tests is in one group of one phase, the long ones first and what measures alone", async () => {
  const files = await testFiles();
  const phases = phasesOf(files);
  assert.deepEqual(phases.flatMap(({ groups }) => groups.flat()).toSorted(), files);
  assert.ok(files.includes("tests/support/phases_test.ts") && files.includes("tests/fuzz/fuzz_test.ts"));
  assert.ok(!files.some((file) => file.startsWith("tests/e2e/")));
  const [beside, waiting, alone] = phases;
  assert.deepEqual(beside?.groups[0], ["tests/integration/goldens_test.ts"]);
  assert.deepEqual(waiting?.groups.map(({ length }) => length), [1, 1]);
  assert.equal(alone?.lanes, 1);
  assert.ok(alone.groups.flat().includes("tests/integration/shares_test.ts"));
  assert.ok(alone.groups.flat().includes("server/listen/times_test.ts"));
});

Deno.test("a file of tests that is named as long and is not there is left out", () => {
  assert.deepEqual(phasesOf(["shared/a_test.ts"]).map(({ groups }) => groups), [
    [["shared/a_test.ts"]],
    [],
    [],
  ]);
});
