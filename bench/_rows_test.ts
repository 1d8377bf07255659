import assert from "node:assert/strict";
import { measure, median, table } from "./_rows.ts";

Deno.test("median() is the middle, or the mean of the two in the middle", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

Deno.test("measure() takes turns and reports the median ratio of the pairs", async () => {
  const order: string[] = [];
  const side = (name: string, times: number[]) => () => {
    order.push(name);
    return Promise.resolve(times.shift() ?? NaN);
  };
  const row = await measure({
    name: "forward",
    other: "stock",
    goal: null,
    ours: side("ours", [99, 1, 2, 3]),
    others: side("other", [99, 2, 2, 12]),
  }, 3);
  assert.deepEqual(order.slice(2), ["ours", "other", "other", "ours", "ours", "other"]);
  assert.deepEqual([row.oursMs, row.otherMs, row.ratio], [2, 2, 0.5]);
  assert.match(table([row], new Map([["forward", 0.4]])), /forward .* 0\.500 × +misses ≤ 0\.40 +stock/);
});

Deno.test("measure() has no pair to warm up where a single one is asked for", async () => {
  let runs = 0;
  const once = () => Promise.resolve(++runs);
  const row = await measure({ name: "score-cam", other: "peer", goal: null, ours: once, others: once }, 1);
  assert.deepEqual([runs, row.oursMs, row.otherMs], [2, 1, 2]);
});
