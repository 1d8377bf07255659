import assert from "node:assert/strict";
import type { Detail, Row } from "../../port.ts";
import { buffersOf } from "./transfer.ts";

Deno.test("buffersOf() lists the memory of every array of a result once", () => {
  const volume = () => ({ height: 1, width: 1, channels: 2, values: new Float32Array(2) });
  const logits = new Float32Array(3);
  const [input, gradient] = [volume(), volume()];
  const term = { layer: "a", height: 1, width: 1, channels: 1, sums: new Float32Array(1), min: 0, max: 1 };
  const stage = {
    ...{ layer: "a", height: 1, width: 1, channels: 1, drawn: [0], planes: volume() },
    ...{ sums: new Float32Array(1), peaks: new Float32Array(1), cells: new Float32Array(1) },
    lines: new Float32Array(1),
  };
  const details: Detail[] = [
    { kind: "layer", classIndex: null, activation: volume(), gradient: null },
    { kind: "layer", classIndex: 1, activation: volume(), gradient: volume() },
    { kind: "input", classIndex: 1, score: 2, input, gradient },
    { kind: "bias-terms", classIndex: 1, score: 2, input, gradient, terms: [term], total: 0 },
    { kind: "fixations", classIndex: 1, points: new Float32Array(4) },
    { kind: "network", classIndex: 1, stages: [stage], plane: volume() },
  ];
  const rows: Row[] = [
    { ok: false, reason: "none" },
    ...details.map((detail): Row => ({ ok: true, logits, projection: null, detail })),
  ];
  const buffers = buffersOf({ rows, computeMs: 0 });
  const moved = structuredClone({ rows, computeMs: 0 }, { transfer: [...buffers] });
  assert.equal(buffers.length, 14);
  assert.equal(moved.rows.length, 7);
  assert.ok(rows.every((row) => !row.ok || row.logits.length === 0));
  assert.deepEqual([input.values.length, gradient.values.length, term.sums.length], [0, 0, 0]);
});
