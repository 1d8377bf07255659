import assert from "node:assert/strict";
import { resizeBilinear } from "../../../shared/resize.ts";
import type { BatchResult, Engine, Mask, Probe } from "../../engine/port.ts";
import { driveSteps } from "../drive.ts";
import { contextOf } from "../testing/course.ts";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { gradCam } from "../cam/grad_cam.ts";
import type { GoodRow, Method, MethodContext, RawMap } from "../method.ts";
import { driveTrust } from "./drive_trust.ts";
import { trustOf } from "./trust.ts";

/** One pixel for each step of a curve. */
const SIZE = { height: 4, width: 7 };
const PX = 28;

/** Px that count, a quarter of all. */
const COUNTING = new Set([0, 3, 8, 9, 15, 20, 27]);

const network = new SmallNetwork({ ...SIZE, classes: 2 });

/** The class's probability falls from 0.9 to 0.1 with the share of the pixels that count and are hidden. */
class CountingEngine implements Pick<Engine, "run"> {
  readonly probes: Probe[] = [];
  readonly sizes: number[] = [];

  run(batch: readonly Probe[]): Promise<BatchResult> {
    this.probes.push(...batch);
    this.sizes.push(batch.length);
    return Promise.resolve({ rows: batch.map(answer), computeMs: 1 });
  }
}

function answer({ variation, randomHead }: Probe): GoodRow {
  const kept = variation.kind === "mix" ? stays(variation.mask) : new Float32Array(PX).fill(1);
  const share = [...COUNTING].reduce((sum, px) => sum + (kept[px] ?? 0), 0) / COUNTING.size;
  const probability = 0.1 + 0.8 * share;
  const logit = randomHead === undefined ? Math.log(probability / (1 - probability)) : randomHead;
  return { ok: true, logits: Float32Array.of(0, logit), projection: null, detail: null };
}

function stays(mask: Mask): Float32Array {
  return resizeBilinear(mask, SIZE);
}

/** A method that asks for one row of the frame lane and shows something on the way. */
function methodOf(values: (row: GoodRow) => Float32Array): Method {
  return {
    ...gradCam,
    *attribute({ frame, target }: MethodContext) {
      assert.deepEqual(target, { kind: "class", index: 1 });
      const probe = { frame, variation: { kind: "none" }, want: { kind: "logits" } } as const;
      const [row] = yield { kind: "probes", lane: "frame", probes: [probe] };
      yield { kind: "ranking", logits: row?.logits ?? new Float32Array() };
      return mapOf(values(row ?? assert.fail()));
    },
  };
}

function mapOf(values: Float32Array, more: Partial<RawMap> = {}): RawMap {
  return { classIndex: 1, layer: null, ...SIZE, values, ...more };
}

const BEST = Float32Array.from({ length: PX }, (_, px) => COUNTING.has(px) ? 2 + px / PX : px / PX);
const WORST = BEST.map((value) => -value);
const CONTEXT = contextOf(network, { target: { kind: "rank", rank: 1 } });
const SAME = methodOf(() => BEST);

function close(actual: number, wanted: number): void {
  assert.ok(Math.abs(actual - wanted) < 1e-6, `${actual} is not ${wanted}`);
}

Deno.test("trustOf() gives the best order the areas that it has by construction", async () => {
  const { deletion, insertion } = await driveTrust(new CountingEngine(), SAME, CONTEXT, mapOf(BEST));
  // A quarter of the way down from 0.9 to 0.1, then level; and the same upwards.
  close(deletion.auc, 0.25 * 0.5 + 0.75 * 0.1);
  close(insertion.auc, 0.25 * 0.5 + 0.75 * 0.9);
  assert.equal(deletion.probabilities.length, 29);
  assert.equal(insertion.probabilities.length, 29);
  for (const [step, probability] of deletion.probabilities.entries()) {
    close(probability, 0.9 - 0.8 * Math.min(1, step / 7));
    close(insertion.probabilities[step] ?? NaN, 0.1 + 0.8 * Math.min(1, step / 7));
  }
});

Deno.test("trustOf() gives the worst order the areas of the opposite", async () => {
  const { deletion, insertion } = await driveTrust(new CountingEngine(), SAME, CONTEXT, mapOf(WORST));
  close(deletion.auc, 0.75 * 0.9 + 0.25 * 0.5);
  close(insertion.auc, 0.75 * 0.1 + 0.25 * 0.5);
});

Deno.test("trustOf() measures the drop with only the map's pixels left", async () => {
  const indicator = BEST.map((value) => value > 1 ? 1 : -1);
  const all = await driveTrust(new CountingEngine(), SAME, CONTEXT, mapOf(indicator));
  close(all.averageDrop, 0);
  const none = await driveTrust(new CountingEngine(), SAME, CONTEXT, mapOf(indicator.map((value) => -value)));
  close(none.averageDrop, (0.9 - 0.1) / 0.9);
  assert.deepEqual([all.increased, none.increased], [false, false]);
});

Deno.test("trustOf() says when the class got more probable, and then counts no drop", async () => {
  const engine: Pick<Engine, "run"> = {
    run: (batch) =>
      Promise.resolve({
        computeMs: 1,
        rows: batch.map(({ variation: { kind } }) => ({
          ok: true,
          logits: Float32Array.of(0, kind === "none" ? 0 : 2),
          projection: null,
          detail: null,
        })),
      }),
  };
  const { averageDrop, increased } = await driveTrust(engine, SAME, CONTEXT, mapOf(BEST));
  assert.deepEqual([averageDrop, increased], [0, true]);
});

Deno.test("trustOf() removes pixels to grey and puts them back into a blurred picture, in groups of 8", async () => {
  const engine = new CountingEngine();
  await driveTrust(engine, SAME, CONTEXT, mapOf(BEST));
  const bases = engine.probes.map(({ variation }) => variation.kind === "mix" ? variation.base : "");
  assert.deepEqual(bases.slice(1, -1), [
    ...new Array(28).fill("grey"),
    ...new Array(28).fill("blur"),
    "grey",
  ]);
  assert.deepEqual(engine.sizes, [1, 8, 8, 8, 8, 8, 8, 8, 1, 1]);
});

Deno.test("trustOf() runs the method again for the same class with every head random", async () => {
  const engine = new CountingEngine();
  const falling = methodOf(({ logits }) => logits[1] === 1 ? WORST : BEST);
  const { randomLogits } = await driveTrust(engine, falling, CONTEXT, mapOf(BEST));
  assert.equal(randomLogits, -1);
  assert.deepEqual(engine.probes.map(({ randomHead }) => randomHead), [...new Array(58).fill(undefined), 1]);
});

Deno.test("trustOf() shows a method that is blind to the class by a correlation of 1", async () => {
  assert.equal((await driveTrust(new CountingEngine(), SAME, CONTEXT, mapOf(BEST))).randomLogits, 1);
});

Deno.test("trustOf() correlates unrelated maps near 0", async () => {
  const random = randomNumbers(3);
  const size = { height: 40, width: 40 };
  const map = () => Float32Array.from({ length: 1600 }, random);
  const [values, others] = [map(), map()];
  const method: Method = {
    ...SAME,
    *attribute() {
      yield { kind: "probes", lane: "frame", probes: [] };
      return mapOf(others, size);
    },
  };
  const { randomLogits } = await driveTrust(new CountingEngine(), method, CONTEXT, mapOf(values, size));
  assert.ok(Math.abs(randomLogits ?? NaN) < 0.1);
});

Deno.test("trustOf() hands the map's completeness on, or null", async () => {
  const of = async (map: RawMap) => (await driveTrust(new CountingEngine(), SAME, CONTEXT, map)).completeness;
  assert.equal(await of(mapOf(BEST, { completeness: 0.25 })), 0.25);
  assert.equal(await of(mapOf(BEST)), null);
});

Deno.test("trustOf() shows nothing and reports a progress that rises to 1", async () => {
  const shares: number[] = [];
  const steps = trustOf(SAME, CONTEXT, mapOf(BEST), (share) => shares.push(share));
  const shown: string[] = [];
  await driveSteps(new CountingEngine(), steps, {
    onTile: () => shown.push("tile"),
    onRanking: () => shown.push("ranking"),
  });
  assert.deepEqual(shown, []);
  assert.equal(shares.at(-1), 1);
  assert.ok(shares.every((share, index) => share >= (shares[index - 1] ?? 0)));
});

Deno.test("trustOf() refuses a map of the network itself", async () => {
  const method: Method = { ...SAME, id: "activations", subject: "network" };
  await assert.rejects(
    async () => await driveTrust(new CountingEngine(), method, CONTEXT, mapOf(BEST)),
    { code: "bad-option", message: /one of the picture, got that of activations/ },
  );
});

Deno.test("driveTrust() measures Grad-CAM on a network with derivatives", async () => {
  const small = new SmallNetwork({ width: 16, height: 16 });
  const engine: Pick<Engine, "run"> = {
    run: (batch) => Promise.resolve({ rows: batch.map((probe) => small.answer(probe)), computeMs: 1 }),
  };
  const context = contextOf(small, { options: { signed: true } });
  const { rows: [row] } = await engine.run([{
    frame: 1,
    variation: { kind: "none" },
    want: { kind: "projection", top: 3, also: [0] },
  }]);
  assert.ok(row?.ok && row.projection !== null);
  const map = {
    classIndex: 0,
    layer: "features",
    height: 2,
    width: 2,
    values: row.projection.values.slice(0, 4),
  };
  const report = await driveTrust(engine, gradCam, context, map);
  assert.ok(report.deletion.auc > 0 && report.deletion.auc < 1);
  assert.ok((report.randomLogits ?? NaN) < 1);
});

Deno.test("driveTrust() stops between batches when its signal aborts, and gives back what the method holds", async () => {
  const abort = new AbortController();
  let given = 0;
  const holding: Method = {
    ...SAME,
    *attribute() {
      try {
        for (;;) {
          yield {
            kind: "probes",
            lane: "tile",
            probes: [
              { frame: 1, variation: { kind: "none" }, want: { kind: "logits" } },
            ],
          };
        }
      } finally {
        given++;
      }
    },
  };
  const engine: Pick<Engine, "run"> = {
    run(batch) {
      if (batch.some(({ randomHead }) => randomHead !== undefined)) abort.abort(new Error("enough"));
      return Promise.resolve({ rows: batch.map(answer), computeMs: 1 });
    },
  };
  const run = driveTrust(engine, holding, CONTEXT, mapOf(BEST), { signal: abort.signal });
  await assert.rejects(run, /enough/);
  assert.equal(given, 1);
});
