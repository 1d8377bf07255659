import assert from "node:assert/strict";
import type { Probe, Variation, Want } from "../engine/port.ts";
import { RowCosts, type RowTime } from "./costs.ts";

const NONE: Variation = { kind: "none" };
const LOGITS: Want = { kind: "logits" };
const SCORE = { kind: "target", target: { kind: "class", index: 0 }, score: "logit" } as const;
const GRADIENT: Want = { kind: "input", score: SCORE, rule: "plain" };

function probe(frame: number, want: Want, variation: Variation = NONE): Probe {
  return { frame, variation, want };
}

function msOf(rows: readonly RowTime[]): number[] {
  return rows.map(({ ms }) => ms);
}

function isNear(value: number, wanted: number): void {
  assert.ok(Math.abs(value - wanted) < 0.02 * wanted, `${value} instead of ${wanted}`);
}

Deno.test("RowCosts learns what each kind of row costs from what the engine says", () => {
  const costs = new RowCosts();
  for (let frame = 0; frame < 50; frame++) {
    const batch: Probe[] = [probe(frame, LOGITS), probe(frame + 100, GRADIENT)];
    assert.deepEqual(msOf(costs.share(batch, { computeMs: 80, rowMs: [20, 60] })), [20, 60]);
  }
  isNear(costs.of(probe(1, LOGITS)).firstMs, 20);
  isNear(costs.of(probe(1, GRADIENT)).firstMs, 60);
});

Deno.test("RowCosts shares out all that a batch took, what no row says it took as well", () => {
  const costs = new RowCosts();
  const batch: Probe[] = [probe(1, LOGITS), probe(2, LOGITS)];
  assert.deepEqual(msOf(costs.share(batch, { computeMs: 60, rowMs: [10, 30] })), [15, 45]);
  assert.deepEqual(msOf(costs.share(batch, { computeMs: 60, rowMs: [0, 0] })), [30, 30]);
});

Deno.test("RowCosts tells kinds apart by batches that differ, where the engine says nothing of rows", () => {
  const costs = new RowCosts();
  for (let frame = 0; frame < 200; frame++) {
    costs.share([probe(1, LOGITS), probe(2, LOGITS), probe(3, GRADIENT)], { computeMs: 20 + 20 + 60 });
    costs.share([probe(1, LOGITS)], { computeMs: 20 });
  }
  isNear(costs.of(probe(1, LOGITS)).firstMs, 20);
  isNear(costs.of(probe(1, GRADIENT)).firstMs, 60);
  const [logits = 0, gradient = 0] = msOf(
    costs.share([probe(1, LOGITS), probe(3, GRADIENT)], { computeMs: 160 }),
  );
  isNear(logits, 40);
  isNear(gradient, 120);
});

Deno.test("RowCosts knows that a further row of an input shares its forward pass, and a varied one does not", () => {
  const costs = new RowCosts();
  const noise = { kind: "noise", seed: 1, level: 0.1 } as const;
  for (let frame = 0; frame < 50; frame++) {
    costs.share([probe(1, GRADIENT), probe(1, GRADIENT)], { computeMs: 90, rowMs: [60, 30] });
    costs.share([probe(1, GRADIENT, noise), probe(1, GRADIENT, noise)], { computeMs: 120, rowMs: [60, 60] });
  }
  isNear(costs.of(probe(1, GRADIENT)).firstMs, 60);
  isNear(costs.of(probe(1, GRADIENT)).furtherMs, 30);
  isNear(costs.of(probe(1, GRADIENT, noise)).firstMs, 60);
});

Deno.test("RowCosts is not misled by a machine that stalls once", () => {
  const costs = new RowCosts();
  for (let frame = 0; frame < 50; frame++) costs.share([probe(frame, LOGITS)], { computeMs: 20 });
  const before = costs.of(probe(1, LOGITS)).firstMs;
  const [stalled] = costs.share([probe(1, LOGITS)], { computeMs: 10_000 });
  assert.deepEqual(stalled, { ms: 10_000, chargedMs: 4 * before });
  assert.ok(costs.of(probe(1, LOGITS)).firstMs < 40);
});
