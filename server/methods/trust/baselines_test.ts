import assert from "node:assert/strict";
import type { TreeHead } from "../../../shared/head_model.ts";
import { resizeBilinear } from "../../../shared/resize.ts";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { type BatchResult, type Engine, type Probe, probeKey } from "../../engine/port.ts";
import { gradCam } from "../cam/grad_cam.ts";
import { drive, driveSteps } from "../drive.ts";
import { occlusion } from "../perturbation/occlusion.ts";
import type { GoodRow, Method, MethodContext, RawMap } from "../method.ts";
import { contextOf } from "../testing/course.ts";
import { BASELINE_STEPS, baselinesOf } from "./baselines.ts";
import { driveTrust, driveVerdict } from "./drive_trust.ts";

/** Of the input, and of a cell of a map of 7×7. */
const SIDE = 28;
const CELL = 4;

/** Cells that count: several things, none of them in the middle. */
const CELLS = new Set([0, 5, 8, 13, 17, 29, 35, 41, 44, 47]);
const COUNTING = Array.from({ length: SIDE * SIDE }, (_, px) => px)
  .filter((px) => CELLS.has(7 * Math.floor(px / SIDE / CELL) + Math.floor(px % SIDE / CELL)));

const network = new SmallNetwork({ height: SIDE, width: SIDE, classes: 2 });
const WIDTH = network.model.features?.count ?? 0;
const CONTEXT = contextOf(network, { target: { kind: "class", index: 1 } });

/** The class's probability falls from 0.9 to 0.1 with the share of what counts that is hidden. */
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
  const kept = variation.kind === "mix"
    ? resizeBilinear(variation.mask, { height: SIDE, width: SIDE })
    : null;
  const share = COUNTING.reduce((sum, px) => sum + (kept?.[px] ?? 1), 0) / COUNTING.length;
  const probability = 0.1 + 0.8 * share;
  const logit = randomHead === undefined ? Math.log(probability / (1 - probability)) : randomHead;
  return { ok: true, logits: Float32Array.of(0, logit), projection: null, detail: null };
}

function mapOf(value: (cell: number) => number, cells = 7): RawMap {
  const values = Float32Array.from({ length: cells * cells }, (_, cell) => value(cell));
  return { classIndex: 1, layer: null, height: cells, width: cells, values };
}

/** A method whose map with random logits is another one. */
function methodOf({ values }: RawMap): Method {
  return {
    ...gradCam,
    *attribute({ frame }: MethodContext) {
      yield {
        kind: "probes",
        lane: "frame",
        probes: [{ frame, variation: { kind: "none" }, want: { kind: "logits" } }],
      };
      return { ...mapOf(() => 0), values: values.toReversed() };
    },
  };
}

/** A taught head that asks one feature. */
const LEAF = { feature: -1, threshold: 0, left: -1, right: -1 };
const STUMP: TreeHead = {
  kind: "tree",
  classes: ["cup", "phone"],
  width: WIDTH,
  features: [],
  seed: 0,
  tree: {
    nodes: [
      { feature: 0, threshold: 0.1, left: 1, right: 2, counts: [3, 5], impurity: 0.46875 },
      { ...LEAF, counts: [0, 4], impurity: 0 },
      { ...LEAF, counts: [3, 1], impurity: 0.375 },
    ],
  },
  importances: Array.from({ length: WIDTH }, (_, at) => at === 0 ? 1 : 0),
};

const RIGHT = mapOf((at) => CELLS.has(at) ? 9 + at / 99 : at / 99);

async function measure(map: RawMap, engine = new CountingEngine(), method = methodOf(map)) {
  return await driveVerdict(engine, method, CONTEXT, map);
}

Deno.test("baselinesOf() asks for 24 rows in groups of 8, and takes the ends of its curves from the map's", async () => {
  const engine = new CountingEngine();
  const meters = await driveTrust(new CountingEngine(), methodOf(RIGHT), CONTEXT, RIGHT);
  const { random, centre } = await driveSteps(engine, baselinesOf(CONTEXT, RIGHT, meters));
  assert.deepEqual(engine.sizes, [8, 8, 8]);
  for (const { deletion, insertion } of [random, centre]) {
    assert.deepEqual([deletion.probabilities.length, insertion.probabilities.length], [
      BASELINE_STEPS + 1,
      BASELINE_STEPS + 1,
    ]);
    assert.equal(deletion.probabilities[0], meters.deletion.probabilities[0]);
    assert.equal(insertion.probabilities[0], meters.insertion.probabilities[0]);
  }
});

Deno.test("baselinesOf() asks for the same rows for another map of as many cells, and for the same centre always", async () => {
  const keysOf = async (map: RawMap) => {
    const engine = new CountingEngine();
    const meters = await driveTrust(new CountingEngine(), methodOf(map), CONTEXT, map);
    await driveSteps(engine, baselinesOf(CONTEXT, map, meters));
    return engine.probes.map(probeKey);
  };
  const first = await keysOf(RIGHT);
  assert.deepEqual(await keysOf(mapOf((at) => -at)), first);
  const finer = await keysOf(mapOf((at) => at, 14));
  assert.deepEqual(finer.slice(12), first.slice(12));
  assert.ok(finer.slice(0, 12).every((key) => !first.includes(key)));
});

Deno.test("driveVerdict() calls a map of what counts good, and costs less than half more than its meters", async () => {
  const [engine, without] = [new CountingEngine(), new CountingEngine()];
  const { verdict, deletion, baselines } = await measure(RIGHT, engine);
  assert.deepEqual(verdict.kind, "good");
  assert.ok(deletion.auc < baselines.random.deletion.auc && deletion.auc < baselines.centre.deletion.auc);
  await driveTrust(without, methodOf(RIGHT), CONTEXT, RIGHT);
  assert.ok(engine.probes.length <= 1.5 * without.probes.length, `${engine.probes.length} rows`);
});

Deno.test("driveVerdict() calls the opposite and a constant doubtful, and of random maps all but one in twenty", async () => {
  const opposite = await measure({ ...RIGHT, values: RIGHT.values.map((value) => 10 - value) });
  assert.deepEqual([opposite.verdict.kind, opposite.verdict.against], ["doubtful", null]);
  for (const value of [0, 3]) {
    const { verdict, evidence } = await measure(mapOf(() => value));
    assert.deepEqual([verdict.kind, verdict.because, evidence], ["doubtful", "evidence", false]);
  }
  assert.equal((await measure(mapOf((at) => -1 - at))).verdict.because, "evidence", "nothing speaks for it");
  const good = [];
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomNumbers(seed);
    if ((await measure(mapOf(() => random()))).verdict.kind === "good") good.push(seed);
  }
  assert.ok(good.length <= 2, `good by luck: random maps ${good}`);
});

Deno.test("driveVerdict() says of a map that random logits leave alone that it does not depend on the class", async () => {
  const same: Method = {
    ...methodOf(RIGHT),
    *attribute({ frame }: MethodContext) {
      yield {
        kind: "probes",
        lane: "frame",
        probes: [{ frame, variation: { kind: "none" }, want: { kind: "logits" } }],
      };
      return RIGHT;
    },
  };
  assert.equal((await measure(RIGHT, new CountingEngine(), same)).verdict.kind, "class-independent");
});

Deno.test("driveVerdict() judges by the curves alone where there are no weights to draw", async () => {
  const { features: _features, ...model } = CONTEXT.model;
  const engine = new CountingEngine();
  const { verdict, randomLogits } = await driveVerdict(engine, methodOf(RIGHT), { ...CONTEXT, model }, RIGHT);
  assert.deepEqual([verdict.kind, randomLogits], ["good", null]);
  assert.ok(engine.probes.every(({ randomHead }) => randomHead === undefined));
});

Deno.test("driveVerdict() judges maps of a taught tree: random logits are those of shuffled features", async () => {
  const small = new SmallNetwork({ width: 16, height: 16 });
  small.setHead(1, STUMP);
  const engine: Pick<Engine, "run"> = {
    run: (batch) =>
      Promise.resolve({ rows: batch.map((probe) => small.answer({ ...probe, head: 1 })), computeMs: 1 }),
  };
  const context = contextOf(
    { model: { ...small.model, projectionLayer: null, withoutGradients: true } },
    { options: { window: 8, stride: 8, fill: "grey" } },
  );
  const map = await drive(engine, occlusion.attribute(context));
  const { verdict, randomLogits } = await driveVerdict(engine, occlusion, context, map);
  assert.ok(randomLogits !== null && Math.abs(randomLogits) <= 1);
  assert.ok(verdict.kind === "good" || verdict.kind === "doubtful");
});

Deno.test("driveVerdict() reports a progress that rises to 1, and stops where its signal says so", async () => {
  const shares: number[] = [];
  const abort = new AbortController();
  await driveVerdict(new CountingEngine(), methodOf(RIGHT), CONTEXT, RIGHT, {
    onProgress: (share) => shares.push(share),
  });
  assert.equal(shares.at(-1), 1);
  assert.ok(shares.every((share, index) => share >= (shares[index - 1] ?? 0)), shares.join());
  const engine = new CountingEngine();
  await assert.rejects(
    driveVerdict(engine, methodOf(RIGHT), CONTEXT, RIGHT, {
      signal: abort.signal,
      // Within the baselines.
      onProgress: (share) => share > 0.75 && abort.abort(new Error("enough")),
    }),
    /enough/,
  );
  assert.equal(engine.probes.length, 59 + 8);
});
