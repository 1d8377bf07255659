import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { MODEL, type SimulatedCosts, SimulatedEngine, SimulatedViewer } from "./testing/simulation.ts";
import { FRAME_BATCH_BUDGET_MS } from "./plan.ts";
import { Scheduler } from "./scheduler.ts";
import { TILE_SHARE } from "./shares.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

/** Time that is let pass before anything is measured: costs are learnt and first credits spent, in ms. */
const SETTLING_MS = 10_000;

/** Time that is measured, in ms: some turns of the costliest. */
const MEASURED_MS = 60_000;

interface Outcome {
  readonly viewers: readonly SimulatedViewer[];
  /** What the engine spent on each viewer, in ms. */
  readonly spentMs: readonly number[];
  /** Share of the time in which the engine was at work. */
  readonly busy: number;
}

/** Lets viewers come all at once and watches what the engine does for them. */
async function simulate(all: readonly SimulatedCosts[]): Promise<Outcome> {
  const clock = new FakeClock();
  const engine = new SimulatedEngine(clock);
  const scheduler = new Scheduler({ clock });
  scheduler.serve(MODEL, engine);
  const viewers = all.map((costs, index) =>
    new SimulatedViewer(index + 1, costs, { scheduler, engine, clock })
  );
  for (const viewer of viewers) viewer.next();
  await clock.advance(SETTLING_MS);
  engine.spentMs.clear();
  for (const viewer of viewers) viewer.forgetCounts();
  await clock.advance(MEASURED_MS);
  const spentMs = viewers.map((_, index) => engine.spentMs.get(index + 1) ?? 0);
  for (const viewer of viewers) viewer.stop();
  await clock.advance(SETTLING_MS);
  assert.equal(clock.pending, 0, "nothing is left to do");
  assert.equal(scheduler.stats().waiting, 0);
  assert.deepEqual(scheduler.stats().shares, [], "nobody is left");
  return { viewers, spentMs, busy: sumOf(spentMs) / MEASURED_MS };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const COSTS = fc.record({
  frameMs: fc.integer({ min: 5, max: 300 }),
  pictureMs: fc.integer({ min: 0, max: 250 }),
});

Deno.test("G1: everybody who wants more than a share gets an equal one, whatever rows and pictures cost", async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(COSTS, { minLength: 1, maxLength: 8 }), async (all) => {
      const { spentMs, busy } = await simulate(all);
      const shareMs = sumOf(spentMs) / all.length;
      assert.ok(
        Math.min(...spentMs) >= 0.8 * shareMs,
        `${spentMs.map(Math.round)} of ${Math.round(shareMs)} ms each`,
      );
      assert.ok(busy >= 0.9, `the engine was at work for ${busy} of the time`);
    }),
    { numRuns: 25 },
  );
});

Deno.test("G1: what some do not want is for the others, and nobody is kept waiting", async () => {
  await assertProperty(
    fc.asyncProperty(
      fc.array(
        fc.record({ frameMs: fc.integer({ min: 5, max: 60 }), gapMs: fc.integer({ min: 1, max: 400 }) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      COSTS,
      async (modest, greedy) => {
        const { spentMs, viewers } = await simulate([...modest, greedy]);
        const shareMs = MEASURED_MS / spentMs.length;
        for (const [index, { frameMs, gapMs }] of modest.entries()) {
          // A frame that comes while others have their turn waits for its end.
          const togetherMs = Math.min(FRAME_BATCH_BUDGET_MS, sumOf(modest.map((one) => one.frameMs)));
          const turnMs = Math.max(greedy.frameMs, greedy.pictureMs, togetherMs);
          const wantedMs = MEASURED_MS * frameMs / (frameMs + gapMs + turnMs);
          assert.ok(
            (spentMs[index] ?? 0) >= 0.8 * Math.min(wantedMs, shareMs),
            `${spentMs.map(Math.round)} ms`,
          );
        }
        assert.ok((spentMs.at(-1) ?? 0) >= 0.8 * shareMs, `${spentMs.map(Math.round)} ms`);
        for (const { predictedMs } of viewers) assert.ok(longestGapMs(predictedMs) <= 10_000);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("G4: a map that grows has a fifth of its viewer's share, and frames are predicted beside it", async () => {
  // On a slow machine eight viewers have less than a frame a second each.
  for (const [count, slower] of [[1, 1], [2, 1], [4, 1], [6, 1], [8, 1], [16, 1], [8, 4]] as const) {
    const growing = { rowMs: 40 * slower, rows: 25, glanceMs: 20 * slower };
    const { viewers, spentMs, busy } = await simulate(
      Array.from({ length: count }, () => ({ frameMs: 45 * slower, growing })),
    );
    assert.ok(busy >= 0.9);
    for (const [index, { tiles, predictedMs }] of viewers.entries()) {
      const tilesMs = tiles * growing.rowMs;
      const share = tilesMs / (spentMs[index] ?? 0);
      assert.ok(share >= 0.2, `${count} viewers: ${share} of a viewer's time went into its map`);
      assert.ok(share <= TILE_SHARE + 0.1, `${count} viewers: ${share} of a viewer's time went into its map`);
      assert.ok(predictedMs.length * growing.glanceMs >= 0.4 * (spentMs[index] ?? 0));
      // There a row takes longer than its share of the five seconds that a map is held at most.
      const fewest = slower > 1 ? 1 : 3;
      assert.ok(
        Math.max(...viewers[index]?.rowsOfMaps ?? []) >= fewest,
        `${count} viewers: maps of a row or two`,
      );
    }
  }
});

function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}
