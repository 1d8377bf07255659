import assert from "node:assert/strict";
import type { Trust } from "./trust.ts";
import { areasOf, PLOT, plotOf, rowsOf } from "./trust_plot.ts";

const curve = (...probabilities: number[]) => ({ auc: 0.25, probabilities });
const BASELINE = { deletion: curve(0.4, 0.1, 0), insertion: curve(0, 0.1, 0.4) };
const TRUST: Trust = {
  deletion: curve(0.4, 0.3, 0.2, 0.1, 0),
  insertion: curve(0, 0.1, 0.2, 0.3, 0.4),
  averageDrop: 0,
  increased: false,
  randomLogits: 0,
  completeness: null,
  total: null,
  evidence: true,
  baselines: { random: BASELINE, centre: BASELINE },
  verdict: { kind: "doubtful", because: "deletion", against: "random" },
};

Deno.test("plotOf() draws three lines between axes that begin at 0 and end at a round number", () => {
  const { lines, across, up } = plotOf(TRUST, "deletion");
  assert.deepEqual(lines.map(({ name }) => name), ["random", "centre", "map"]);
  assert.deepEqual(across.map(({ text }) => text), ["0 %", "25 %", "50 %", "75 %", "100 %"]);
  assert.deepEqual(up, [
    { at: PLOT.bottom, text: "0 %" },
    { at: (PLOT.top + PLOT.bottom) / 2, text: "25 %" },
    { at: PLOT.top, text: "50 %" },
  ]);
  const map = lines.at(-1)?.points.split(" ") ?? [];
  assert.equal(map.length, 5);
  assert.equal(
    map[0],
    `${PLOT.left},${Math.round(10 * (PLOT.bottom - 0.8 * (PLOT.bottom - PLOT.top))) / 10}`,
  );
  assert.equal(map.at(-1), `${PLOT.right},${PLOT.bottom}`);
});

Deno.test("plotOf() has a scale for classes of hardly any probability, and for none", () => {
  const small = { deletion: curve(0.00012, 0.0001), insertion: curve(0, 0.00012) };
  const up = (trust: Trust) => plotOf(trust, "deletion").up.map(({ text }) => text);
  assert.deepEqual(up({ ...TRUST, ...small, baselines: { random: small, centre: small } }), [
    "0 %",
    "0.01 %",
    "0.02 %",
  ]);
  const none = { deletion: curve(0, 0), insertion: curve(0, 0) };
  const { lines } = plotOf({ ...TRUST, ...none, baselines: { random: none, centre: none } }, "insertion");
  assert.ok(lines.every(({ points }) => !points.includes("NaN")));
});

Deno.test("rowsOf() and areasOf() have the numbers at the baselines' steps", () => {
  assert.deepEqual(rowsOf(TRUST, "deletion"), [
    { share: 0, map: 0.4, random: 0.4, centre: 0.4 },
    { share: 0.5, map: 0.2, random: 0.1, centre: 0.1 },
    { share: 1, map: 0, random: 0, centre: 0 },
  ]);
  const { map, random, centre } = areasOf(TRUST, "deletion");
  assert.deepEqual([map.toFixed(6), random, centre], ["0.200000", 0.25, 0.25]);
});
