import assert from "node:assert/strict";
import type { Mask, Probe } from "../../engine/port.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import type { GoodRow, MethodStep, RawMap } from "../method.ts";
import { type MeasuredReason, reasonOf } from "./reason.ts";

const SIDE = 20;
const PIXELS = SIDE * SIDE;
const { model } = new SmallNetwork({ height: SIDE, width: SIDE, classes: 3 });

/** A map of 4×4 cells, hot in the upper right one. */
const MAP: RawMap = {
  classIndex: 1,
  layer: null,
  height: 4,
  width: 4,
  values: Float32Array.of(0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
};

/** Logits in which the classes have these probabilities. */
function logitsOf(...probabilities: readonly number[]): Float32Array {
  return Float32Array.from(probabilities, (probability) => Math.log(probability));
}

const WHOLE = logitsOf(0.04, 0.9, 0.06);

function maskOf({ variation }: Probe): Mask {
  return variation.kind === "mix" && variation.base === "grey" ? variation.mask : assert.fail(variation.kind);
}

/** Share of the pixels that a mask hides, of all and of the upper right corner. */
function hidden({ values }: Mask): { readonly all: number; readonly corner: number } {
  let [all, corner] = [0, 0];
  for (const [at, value] of values.entries()) {
    all += 1 - value;
    if (at % SIDE >= 15 && at < 5 * SIDE) corner += 1 - value;
  }
  return { all: all / PIXELS, corner: corner / 25 };
}

/** The class needs the upper right corner: what is hidden of it is lost, and class 2 has it. */
function answer(probe: Probe): GoodRow {
  const { corner } = hidden(maskOf(probe));
  const logits = logitsOf(0.04, 0.9 * (1 - corner) + 1e-9, 0.06 + 0.9 * corner);
  return { ok: true, logits, projection: null, detail: null };
}

/** Runs a measurement and notes its groups of rows. */
function measure(
  facts: {
    readonly map?: RawMap;
    readonly steps?: readonly number[];
    readonly logits?: Float32Array;
    readonly still?: boolean;
  },
): { readonly reason: MeasuredReason; readonly groups: readonly (readonly Probe[])[] } {
  const { map = MAP, steps = [0, 1, 2], logits = WHOLE, still = true } = facts;
  const course = reasonOf({ frame: 1, model, still }, { map, zero: "nothing", logits, steps });
  const groups: (readonly Probe[])[] = [];
  let rows: readonly GoodRow[] = [];
  for (;;) {
    const next: IteratorResult<MethodStep, MeasuredReason> = course.next(rows);
    if (next.done === true) return { reason: next.value, groups };
    assert.ok(next.value.kind === "probes" && next.value.lane === "tile");
    groups.push(next.value.probes);
    rows = next.value.probes.map(answer);
  }
}

function close(actual: number | undefined, wanted: number): void {
  assert.ok(Math.abs((actual ?? NaN) - wanted) < 1e-3, `${actual} is not ${wanted}`);
}

Deno.test("S3: the strongest region is hidden in grey, and the answer says what is left of the class and what takes over", () => {
  const { reason, groups } = measure({ steps: [] });
  assert.deepEqual(groups.map(({ length }) => length), [1]);
  assert.deepEqual(hidden(maskOf(groups[0]?.[0] ?? assert.fail())), { all: 1 / 16, corner: 1 });
  assert.equal(reason.target.index, 1);
  close(reason.target.probability, 0.9);
  assert.equal(reason.first.index, 1);
  assert.deepEqual(reason.region?.box, { left: 0.75, top: 0, right: 1, bottom: 0.25 });
  assert.equal(reason.region?.place, "upper right");
  close(reason.region?.share, 8 / 9);
  close(reason.region?.hidden, 0);
  assert.equal(reason.region?.takesOver?.index, 2);
  assert.deepEqual(reason.steps, []);
});

Deno.test("S3: nothing takes over where the class stays first; a class that is not first has the first one named", () => {
  const { reason } = measure({ steps: [], logits: logitsOf(0.7, 0.2, 0.1) });
  assert.deepEqual([reason.target.index, reason.first.index], [1, 0]);
  const harmless = { ...MAP, values: MAP.values.map((_, at) => at === 12 ? 1 : 0) };
  assert.equal(measure({ map: harmless, steps: [] }).reason.region?.takesOver, null);
});

Deno.test("S3: a map without positive evidence asks for no row", () => {
  const { reason, groups } = measure({ map: { ...MAP, values: new Float32Array(16).fill(-1) } });
  assert.deepEqual(groups, []);
  assert.deepEqual([reason.region, reason.steps, reason.target.index], [null, [], 1]);
});

Deno.test("S4: the small meter hides 10, 20 and 30 % where the map is largest, and the same shapes elsewhere", () => {
  const { reason, groups } = measure({});
  const shares = groups.flat().slice(1).map((probe) => hidden(maskOf(probe)));
  assert.deepEqual(shares.map(({ all }) => Math.round(all * 100) / 100), [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]);
  assert.deepEqual(reason.steps.map(({ step }) => step), [0, 1, 2]);
  for (const { step, drop, random } of reason.steps) {
    assert.equal(shares[2 * step]?.corner, 1);
    close(drop, 1);
    close(random, shares[2 * step + 1]?.corner ?? NaN);
    assert.ok(random < 0.5, `${random}`);
  }
});

Deno.test("S4: one step alone is two rows", () => {
  const { reason, groups } = measure({ steps: [1] });
  assert.equal(groups.flat().length, 3);
  assert.deepEqual(reason.steps.map(({ step }) => step), [1]);
  assert.deepEqual(Math.round(hidden(maskOf(groups.flat()[1] ?? assert.fail())).all * 10), 2);
});

Deno.test("S4: the meter says nothing of a class that has hardly any probability to lose", () => {
  const { reason, groups } = measure({ logits: logitsOf(0.5, 1e-6, 0.5) });
  assert.deepEqual(reason.steps, []);
  assert.equal(groups.flat().length, 1);
});

Deno.test("S5: of a still frame all rows are asked for together, of a moving one each after the one before", () => {
  assert.deepEqual(measure({ still: true }).groups.map(({ length }) => length), [7]);
  assert.deepEqual(measure({ still: false }).groups.map(({ length }) => length), [1, 1, 1, 1, 1, 1, 1]);
});
