/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { begun, bestOf, ended, IDLE, resultOf, resultsOf, told } from "./fit_state.ts";
import { PREPARED, resultFor } from "./testing/fake_tables.ts";
import { accuracyWords, preparedWords, runNews, runWords, tooLargeWords } from "./words.ts";

const STARTED = begun(["forest", "tree", "linear"]);

Deno.test("a run lists its heads in the usual order, and says of each how far it is", () => {
  const run = [
    { prepared: PREPARED },
    { progress: { head: "linear", step: "fit", done: 0.25 } },
    { progress: { head: "tree", step: "validate", done: 0.5 } },
    { result: resultFor("linear", 0.979) },
  ] as const;
  const state = run.reduce(told, STARTED);
  assert.deepEqual(state.heads.map(({ kind, run }) => [kind, runWords(run)]), [
    ["linear", "97.9 % ± 1.4"],
    ["tree", "is checked, 50 %"],
    ["forest", "waits"],
  ]);
  assert.equal(state.prepared, PREPARED);
  assert.equal(runNews(state), "Learning: 1 of 3 done");
});

Deno.test("the best head is the most accurate one, of equal ones the first", () => {
  const results = [resultFor("linear", 0.9), resultFor("tree", 0.95), resultFor("forest", 0.95)];
  const state = told(results.reduce((before, result) => told(before, { result }), STARTED), { done: true });
  assert.equal(state.phase, "done");
  assert.equal(bestOf(state)?.head.kind, "tree");
  assert.equal(runNews(state), "Done. Best: Decision tree, 95.0 % ± 1.4");
  assert.equal(resultOf(state, "nearest"), undefined);
});

Deno.test("what is finished stays after a run was cancelled or failed; later lines change nothing", () => {
  const half = told(STARTED, { result: resultFor("tree", 0.9) });
  const state = ended(half, "cancelled");
  assert.deepEqual(resultsOf(state).map(({ head }) => head.kind), ["tree"]);
  assert.equal(told(state, { result: resultFor("linear", 0.9) }), state);
  assert.equal(ended(state, "failed"), state);
  assert.equal(ended(IDLE, "failed"), IDLE);
});

Deno.test("words say what was done to the rows, and what is too large before it is sent", () => {
  assert.equal(
    preparedWords({ ...PREPARED, dropped: 12, filled: 3 }),
    "569 rows used; 12 left out for missing values, " +
      "3 missing values filled.",
  );
  assert.equal(
    accuracyWords({ ...resultFor("tree", 0.92618).validation, deviation: 0.0219 }),
    "92.6 % ± 2.2",
  );
  assert.equal(tooLargeWords("a.csv", 100, 200), null);
  assert.match(
    tooLargeWords("a.csv", 2e8, 2e7) ?? "",
    /^a\.csv has 200\.0 MB; a table has at most 20\.0 MB\. Keep/,
  );
});
