import assert from "node:assert/strict";
import type { Probe } from "../engine/port.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { shareRows } from "./_shared_rows.ts";

/** A network that counts what it is asked. */
function counted(classes: readonly number[]) {
  const network = new SmallNetwork({ width: 4, height: 4 });
  const asked: Probe[] = [];
  const engine = shareRows({
    run(batch) {
      asked.push(...batch);
      return Promise.resolve({ rows: batch.map((probe) => network.answer(probe)), computeMs: 1 });
    },
  }, classes);
  return { network, asked, engine };
}

const PLAIN = { frame: 1, variation: { kind: "none" } } as const;

function filled(top: number): Probe {
  return {
    frame: 1,
    variation: { kind: "fill", window: { top, left: 0, height: 1, width: 1 }, fill: "grey" },
    want: { kind: "logits" },
  };
}

Deno.test("shareRows() asks once for the projection of all classes", async () => {
  const { engine, asked } = counted([2, 1]);
  const wants = [[], [1], [2]].map((also) => ({ kind: "projection", top: 1, also }) as const);
  for (const want of wants) await engine.run([{ ...PLAIN, want }]);
  assert.deepEqual(asked.map(({ want }) => want), [{ kind: "projection", top: 1, also: [1, 2] }]);
});

Deno.test("shareRows() computes each window once, in whatever batch it comes, and keeps the order", async () => {
  const { engine, asked, network } = counted([]);
  await engine.run([filled(0), filled(1)]);
  const { rows } = await engine.run([filled(2), filled(1), filled(2), filled(0)]);
  assert.equal(asked.length, 3);
  assert.deepEqual(rows, [2, 1, 2, 0].map((top) => network.answer(filled(top))));
});

Deno.test("shareRows() lets gradients of varied frames go", async () => {
  const { engine, asked } = counted([]);
  const score = { kind: "target", target: { kind: "class", index: 0 }, score: "logit" } as const;
  const want = { kind: "input", score, rule: "plain" } as const;
  const noisy: Probe = { frame: 1, variation: { kind: "noise", seed: 1, level: 0.1 }, want };
  for (const probe of [noisy, noisy, { ...PLAIN, want }, { ...PLAIN, want }]) await engine.run([probe]);
  assert.deepEqual(asked.map(({ variation }) => variation.kind), ["noise", "noise", "none"]);
});

Deno.test("shareRows() does not remember a row that failed", async () => {
  let calls = 0;
  const engine = shareRows({
    run: (batch) => {
      calls++;
      return Promise.resolve({ rows: batch.map(() => ({ ok: false, reason: "no" }) as const), computeMs: 1 });
    },
  }, []);
  await engine.run([filled(0)]);
  assert.deepEqual((await engine.run([filled(0)])).rows, [{ ok: false, reason: "no" }]);
  assert.equal(calls, 2);
});
