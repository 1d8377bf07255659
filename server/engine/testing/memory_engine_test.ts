import assert from "node:assert/strict";
import { GradcastError } from "../../../shared/errors.ts";
import { testContract } from "./contract.ts";
import { createMemoryEngine } from "./memory_engine.ts";
import type { Probe } from "../port.ts";

const SIDE_PX = { width: 56, height: 56 };
testContract("createMemoryEngine()", () => Promise.resolve(createMemoryEngine({ model: SIDE_PX })));

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3]);
const PROBE: Probe = { frame: 1, variation: { kind: "none" }, want: { kind: "logits" } };

Deno.test("createMemoryEngine() waits for beforeRun and remembers what it was asked", async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<"begun">();
  const engine = createMemoryEngine({
    beforeRun() {
      begun.resolve("begun");
      return gate.promise;
    },
  });
  await engine.admit(1, "jpeg", JPEG);
  assert.deepEqual([...engine.frames], [1]);
  const running = engine.run([PROBE]);
  assert.equal(await Promise.race([running, begun.promise]), "begun");
  assert.deepEqual(engine.batches, [[PROBE]]);
  gate.resolve();
  assert.equal((await running).rows[0]?.ok, true);
});

Deno.test("createMemoryEngine() refuses what its hooks refuse", async () => {
  const refusal = new GradcastError(
    "frame-corrupt",
    "Cannot decode the picture: the test says so, got none",
  );
  const failure = new GradcastError(
    "engine-failed",
    "Cannot run the batch: the test says so, got none",
  );
  const engine = createMemoryEngine({
    beforeAdmit: () => Promise.reject(refusal),
    beforeRun: () => Promise.reject(failure),
  });
  await assert.rejects(engine.admit(1, "jpeg", JPEG), refusal);
  await assert.rejects(engine.run([PROBE]), failure);
});

Deno.test("createMemoryEngine() lets a hidden cell take its evidence out of the logit, exactly", async () => {
  const engine = createMemoryEngine();
  await engine.admit(1, "jpeg", JPEG);
  const cell = { top: 32, left: 64, height: 32, width: 32 };
  const { rows: [whole, hidden] } = await engine.run([
    { ...PROBE, want: { kind: "projection", top: 0, also: [4] } },
    { ...PROBE, variation: { kind: "fill", window: cell, fill: "grey" } },
  ]);
  assert.ok(whole?.ok && hidden?.ok);
  const evidence = whole.projection?.values[1 * 7 + 2] ?? NaN;
  assert.ok(Math.abs((whole.logits[4] ?? NaN) - (hidden.logits[4] ?? NaN) - evidence / 49) < 1e-5);
});

Deno.test("createMemoryEngine() needs pixels for every class in every cell", () => {
  assert.throws(() => createMemoryEngine({ model: { width: 14, height: 14 } }), {
    name: "RangeError",
    message: "Cannot make the engine: every class needs pixels in each of 7×7 cells, got 14×14",
  });
});
