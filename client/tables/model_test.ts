/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Refusal } from "../http/http.ts";
import { TablesModel } from "./model.ts";
import { fakeTables, FITTED, PREPARED, resultFor } from "./testing/fake_tables.ts";

/** A shelf that nothing stays on. */
const SHELF = { getItem: () => null, setItem: () => {} };
const FILE = { file: new File(["a,b\n1,2\n"], "own.csv") };

/** Lets everything that waits for a fake answer run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("a sample is fitted at once, and then its first row is explained by the head that is looked at", async () => {
  const api = fakeTables();
  const model = new TablesModel(api, SHELF);
  await model.open({ sample: "breast-cancer" });
  await settled();
  assert.equal(model.fit.value.phase, "done");
  assert.equal(model.shown, "tree");
  assert.deepEqual(api.questions, [{ head: "tree", row: 0 }]);
  assert.equal(model.row.explained.value?.predicted, 0);
});

Deno.test("a file waits for Learn; columns are sent as they were chosen", async () => {
  const api = fakeTables();
  const model = new TablesModel(api, SHELF);
  await model.open(FILE);
  assert.deepEqual([model.table.value?.name, model.target.value, model.fit.value.phase], [
    "cancer.csv",
    "diagnosis",
    "idle",
  ]);
  model.use("worst area", false);
  model.use("id", true);
  model.change({ heads: ["tree"], folds: 3 });
  await model.learn();
  assert.deepEqual(api.fits, [{
    ...{ target: "diagnosis", heads: ["tree"], missing: "median", folds: 3, seed: 0 },
    ...{ leaveOut: ["worst area"], keep: ["id"] },
  }]);
});

Deno.test("a file that is too large is not sent", async () => {
  const model = new TablesModel(fakeTables(), SHELF);
  const file = new File([], "large.csv");
  Object.defineProperty(file, "size", { value: 200e6 });
  await model.open({ file });
  assert.equal(model.table.value, null);
  assert.match(model.problem.value?.words ?? "", /large\.csv has 200\.0 MB/);
});

Deno.test("a refusal is shown in the server's words, and what was finished stays", async () => {
  const refusal = new Refusal(
    "The column “age” has missing values. Choose what to do about them.",
    "table-refused",
  );
  const model = new TablesModel(
    fakeTables([{ prepared: PREPARED }, { result: resultFor("tree", 0.9) }, refusal]),
    SHELF,
  );
  await model.open(FILE);
  await model.learn();
  assert.deepEqual(model.problem.value, { words: refusal.message, detail: "", again: false });
  assert.equal(model.fit.value.phase, "failed");
  assert.equal(model.shown, "tree");
});

Deno.test("an answer that is cut off counts as failed", async () => {
  const model = new TablesModel(fakeTables(FITTED.slice(0, 2)), SHELF);
  await model.open(FILE);
  await model.learn();
  assert.equal(model.fit.value.phase, "failed");
  assert.match(model.problem.value?.words ?? "", /could not be reached/);
});

Deno.test("a table that the server has forgotten is sent again, with the same target and columns", async () => {
  const api = fakeTables();
  const model = new TablesModel(
    { ...api, explain: () => Promise.reject(new Refusal("Gone.", "unknown-table")) },
    SHELF,
  );
  await model.open(FILE);
  model.use("worst area", false);
  await model.learn();
  await settled();
  assert.deepEqual(model.problem.value, { words: "Gone.", detail: "", again: true });
  await model.openAgain();
  assert.equal(api.fits.length, 2);
  assert.deepEqual(api.fits[0], api.fits[1]);
});

Deno.test("cancelling keeps what is finished, and shows it", async () => {
  let go = () => {};
  const waits = new Promise<void>((resolve) => go = resolve);
  const api = fakeTables();
  const model = new TablesModel({
    ...api,
    async *fit() {
      yield { prepared: PREPARED };
      yield { result: resultFor("linear", 0.9) };
      await waits;
      yield { result: resultFor("tree", 0.9) };
    },
  }, SHELF);
  await model.open(FILE);
  const learning = model.learn();
  await settled();
  assert.deepEqual([model.shown, api.questions], [undefined, []], "the chosen head is still to come");
  model.cancel();
  go();
  await learning;
  assert.equal(model.fit.value.phase, "cancelled");
  assert.equal(model.shown, "linear");
  assert.deepEqual(api.questions, [{ head: "linear", row: 0 }], "a finished head explains rows");
});

Deno.test("importance is measured when it is asked for; another target forgets everything", async () => {
  const model = new TablesModel(fakeTables(), SHELF);
  await model.open(FILE);
  await model.learn();
  await model.measure("tree");
  assert.equal(model.importance.value.get("tree")?.state, "done");
  model.setTarget("worst area");
  assert.deepEqual([model.importance.value.size, model.fit.value.phase, model.shown], [0, "idle", undefined]);
});

Deno.test("rows are chosen within the table, or typed; only the last question's answer is shown", async () => {
  const api = fakeTables();
  const model = new TablesModel(api, SHELF);
  await model.open({ sample: "x" });
  await settled();
  const [first, second] = [model.row.choose(7_000, 569, "tree"), model.row.choose(-5, 569, "tree")];
  await Promise.all([first, second]);
  assert.deepEqual([model.row.number.value, model.row.explained.value?.row], [0, 0]);
  await model.row.type([1, 2], "tree");
  assert.deepEqual(api.questions.at(-1), { head: "tree", values: [1, 2] });
  await model.row.choose(3, 569, "tree");
  assert.equal(model.row.typed.value, null);
});

Deno.test("the head that is looked at explains the row while others are still being fitted", async () => {
  const held = Promise.withResolvers<void>();
  const api = fakeTables();
  const model = new TablesModel({
    ...api,
    async *fit() {
      yield { prepared: PREPARED };
      yield { result: resultFor("tree", 0.9) };
      await held.promise;
      yield { result: resultFor("linear", 0.9) };
      yield { done: true };
    },
  }, SHELF);
  await model.open(FILE);
  const learning = model.learn();
  await settled();
  assert.deepEqual([model.fit.value.phase, model.row.explained.value?.row], ["running", 0]);
  held.resolve();
  await learning;
  assert.deepEqual(api.questions, [{ head: "tree", row: 0 }], "asked once");
});
