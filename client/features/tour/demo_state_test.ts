import assert from "node:assert/strict";
import { demonstrated, FIRST_ROUND, STILL_MS } from "./demo_state.ts";

Deno.test("a booth plays round after round, wakes when touched and plays again after a minute of stillness", () => {
  const second = demonstrated(FIRST_ROUND, { kind: "ended" });
  assert.deepEqual(second, { kind: "playing", round: 1 });
  const awake = demonstrated(second, { kind: "touched", nowMs: 1_000 });
  assert.deepEqual(awake, { kind: "awake", round: 1, lastMs: 1_000 });
  // The tour that a touch ended ends no round.
  assert.equal(demonstrated(awake, { kind: "ended" }), awake);
  const again = demonstrated(awake, { kind: "touched", nowMs: 30_000 });
  const early = demonstrated(again, { kind: "tick", nowMs: 30_000 + STILL_MS - 1, busy: false });
  assert.equal(early.kind, "awake");
  assert.deepEqual(demonstrated(early, { kind: "tick", nowMs: 30_000 + STILL_MS, busy: false }), {
    kind: "playing",
    round: 2,
  });
});

Deno.test("nothing that is under way is ended by the booth", () => {
  const awake = demonstrated(FIRST_ROUND, { kind: "touched", nowMs: 0 });
  const busy = demonstrated(awake, { kind: "tick", nowMs: 2 * STILL_MS, busy: true });
  assert.equal(busy.kind, "awake");
  assert.equal(demonstrated(busy, { kind: "tick", nowMs: 2 * STILL_MS + 1, busy: false }).kind, "awake");
});
