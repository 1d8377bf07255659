import assert from "node:assert/strict";
import { MAX_LOG_BYTES_PER_HOUR, MAX_LOG_ENTRIES_PER_HOUR } from "../../shared/limits.ts";
import { LogBudget } from "./budget.ts";

Deno.test("L9: an address may write so many entries and bytes an hour, whatever others write", () => {
  let nowMs = 0;
  const budget = new LogBudget(() => nowMs);
  for (let i = 0; i < MAX_LOG_ENTRIES_PER_HOUR; i++) assert.ok(budget.take("10.0.0.7", 1, 1_000));
  assert.equal(budget.take("10.0.0.7", 1, 1_000), false);
  assert.ok(budget.take("10.0.0.8", 1, MAX_LOG_BYTES_PER_HOUR));
  assert.equal(budget.take("10.0.0.8", 1, 1), false);
  nowMs += 30 * 60_000;
  let more = 0;
  while (budget.take("10.0.0.7", 1, 0)) more++;
  assert.equal(more, MAX_LOG_ENTRIES_PER_HOUR / 2);
  assert.ok(budget.take("10.0.0.8", 1, MAX_LOG_BYTES_PER_HOUR / 2));
  nowMs += 10 * 60 * 60_000;
  assert.ok(budget.take("10.0.0.7", MAX_LOG_ENTRIES_PER_HOUR, MAX_LOG_BYTES_PER_HOUR));
  assert.equal(budget.take("10.0.0.7", 1, 0), false, "nothing is saved up beyond an hour");
});
