import assert from "node:assert/strict";
import { type BatchResult, MAX_BATCH_ROWS, type Probe, type Row } from "../engine/port.ts";
import { gatherRows } from "./_gathered_rows.ts";

function probe(frame: number): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "logits" } };
}

/** An engine whose rows are their frames; it answers when it is told to. */
function slowEngine() {
  const batches: { readonly frames: number[]; readonly end: PromiseWithResolvers<void> }[] = [];
  return {
    batches,
    async run(probes: readonly Probe[]): Promise<BatchResult> {
      const end = Promise.withResolvers<void>();
      batches.push({ frames: probes.map(({ frame }) => frame), end });
      await end.promise;
      const rows = probes.map(({ frame }): Row => ({
        ok: true,
        logits: Float32Array.of(frame),
        projection: null,
        detail: null,
      }));
      return { rows, computeMs: 1 };
    },
  };
}

function frames({ rows }: BatchResult): number[] {
  return rows.map((row) => row.ok ? row.logits[0] ?? NaN : NaN);
}

Deno.test("gatherRows() makes one batch of what is asked for meanwhile, and gives everybody their own rows", async () => {
  const engine = slowEngine();
  const { run } = gatherRows(engine);
  const first = run([probe(1)]);
  await Promise.resolve();
  await Promise.resolve();
  const others = [run([probe(2)]), run([probe(3), probe(4)]), run(upTo(MAX_BATCH_ROWS, 10)), run([probe(5)])];
  engine.batches[0]?.end.resolve();
  assert.deepEqual(frames(await first), [1]);
  assert.deepEqual(engine.batches.map((batch) => batch.frames), [[1], [2, 3, 4]]);
  engine.batches[1]?.end.resolve();
  assert.deepEqual(await Promise.all(others.slice(0, 2)).then((all) => all.map(frames)), [[2], [3, 4]]);
  // What fills a batch goes alone, in its turn.
  assert.deepEqual(engine.batches[2]?.frames, upTo(MAX_BATCH_ROWS, 10).map(({ frame }) => frame));
  engine.batches[2]?.end.reject(new Error("the engine stopped"));
  await assert.rejects(Promise.resolve(others[2]), /the engine stopped/);
  engine.batches[3]?.end.resolve();
  assert.deepEqual(frames(await others[3] ?? assert.fail()), [5]);
});

function upTo(count: number, from: number): Probe[] {
  return Array.from({ length: count }, (_, place) => probe(from + place));
}
