import assert from "node:assert/strict";
import type { BatchResult, Engine, Probe } from "../engine/port.ts";
import { contextOf, runCourse } from "./testing/course.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { drive } from "./drive.ts";
import { explainFrame } from "./explain.ts";
import { occlusion } from "./perturbation/occlusion.ts";

const network = new SmallNetwork({ width: 16, height: 16 });
const OPTIONS = { window: 4, stride: 2, fill: "grey", score: "logit" };
const context = contextOf(network, { options: OPTIONS });

function fakeEngine(run: (batch: readonly Probe[]) => BatchResult["rows"]): Pick<Engine, "run"> {
  return { run: (batch) => Promise.resolve({ rows: run(batch), computeMs: 1 }) };
}

Deno.test("drive() returns the map that the generator returns, in batches of 8 and each row once", async () => {
  const sizes: number[] = [];
  const engine = fakeEngine((batch) => {
    sizes.push(batch.length);
    return batch.map((probe) => network.answer(probe));
  });
  let rankings = 0;
  let tiles = 0;
  const map = await drive(engine, explainFrame(occlusion, context), {
    onRanking: () => rankings++,
    onTile: () => tiles++,
  });
  assert.deepEqual(map, runCourse(network, occlusion.attribute(context)).map);
  assert.deepEqual([sizes[0], Math.max(...sizes), sizes.reduce((a, b) => a + b)], [1, 8, 50]);
  assert.deepEqual([rankings, tiles], [1, 49]);
});

Deno.test("drive() throws engine-failed with the reason of a failed row", async () => {
  const engine = fakeEngine((batch) =>
    batch.map(() => ({ ok: false, reason: "Cannot run the row: it is lost" }))
  );
  await assert.rejects(drive(engine, occlusion.attribute(context)), {
    code: "engine-failed",
    message: "Cannot run the row: it is lost",
  });
});

Deno.test("drive() stops between batches when its signal aborts", async () => {
  const abort = new AbortController();
  let batches = 0;
  const engine = fakeEngine((batch) => {
    if (++batches === 3) abort.abort(new Error("enough"));
    return batch.map((probe) => network.answer(probe));
  });
  await assert.rejects(drive(engine, occlusion.attribute(context), { signal: abort.signal }), /enough/);
  assert.equal(batches, 3);
});
