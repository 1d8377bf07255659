/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { MAX_PANES } from "../../../shared/limits.ts";
import { channelRows, importanceRows } from "./channel_rows.ts";
import { headPanes } from "./compare_heads.ts";

Deno.test("the heads that are not chosen have a pane each", () => {
  const panes = headPanes("mine", "tree");
  assert.deepEqual(panes.map(({ model }) => model), [
    "mine.linear",
    "mine.pca-linear",
    "mine.forest",
    "mine.nearest",
  ]);
  assert.ok(panes.length <= MAX_PANES);
});

Deno.test("bars are of the class's own place, and what adds now only of a head that adds", () => {
  const top = [[{ channel: 7, weight: 1 }], [{ channel: 9, weight: -2 }]];
  const explanation = {
    kind: "contributions" as const,
    ...{ probabilities: [0.5, 0.5], bias: [0, 0], logits: [0, 0] },
    top: [[{ channel: 7, value: 3 }], [{ channel: 8, value: 4 }]],
  };
  assert.deepEqual(channelRows({ top }, { explanation }, 1), {
    now: [{ key: "8", name: "channel 8", value: 4 }],
    weights: [{ key: "9", name: "channel 9", value: -2 }],
  });
  assert.deepEqual(channelRows({ top }, null, 5), { now: [], weights: [] });
  assert.deepEqual(importanceRows([{ channel: 3, importance: 0.2, deviation: 0.1 }]), [
    { key: "3", name: "channel 3", value: 0.2, deviation: 0.1 },
  ]);
});
