import assert from "node:assert/strict";
import type { OptionValues } from "../../../shared/protocol.ts";
import { MaskSums, randomMask } from "./_random_masks.ts";
import { assertClose, course, enlarge, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { probabilityOf } from "../ranking.ts";
import { resolveRequest } from "../registry.ts";
import { rise } from "./rise.ts";

const { height, width } = NETWORK.model;

/** The part of an enlarged mask that lies on the input, one pixel at a time. */
function cut({ enlarged, corner, ...mask }: ReturnType<typeof randomMask>): number[] {
  const whole = enlarge(mask, enlarged);
  return Array.from({ length: height * width }, (_, px) => {
    const row = corner.top + Math.floor(px / width);
    return whole[row * enlarged.width + corner.left + px % width] ?? assert.fail("outside the mask");
  });
}

/** The definition, from the probes that the method asked for. */
function byDefinition(options: OptionValues, keep: number, classIndex = 1): number[] {
  const masks = course(rise, { options }).groups.flat().map(({ variation }) => {
    assert.ok(variation.kind === "mix" && variation.base === "grey");
    const { mask } = variation;
    const { enlarged, corner } = mask;
    assert.ok(enlarged !== undefined && corner !== undefined);
    const { logits } = NETWORK.answer({ frame: 1, variation, want: { kind: "logits" } });
    return { visible: cut({ ...mask, enlarged, corner }), probability: probabilityOf(logits, classIndex) };
  });
  const common = options["estimate"] === "plain"
    ? 0
    : masks.reduce((sum, { probability }) => sum + probability, 0) / masks.length;
  return Array.from(
    { length: height * width },
    (_, px) =>
      masks.reduce(
          (sum, { visible, probability }) => sum + (probability - common) * (visible[px] ?? NaN),
          0,
        ) /
        (masks.length * keep) + common,
  );
}

Deno.test("rise equals the definition", () => {
  for (
    const [options, keep] of [
      [{ masks: 21, estimate: "plain" }, 0.5],
      [{ masks: 21 }, 0.5],
      [{ masks: 5, grid: 2, keep: 30, seed: 9 }, 0.3],
      [{ masks: 1, grid: 3, keep: 80 }, 0.8],
    ] as const
  ) {
    const map = mapOf(rise, { options });
    assert.deepEqual([map.height, map.width, map.classIndex, map.layer], [height, width, 1, null]);
    assertClose(map.values, byDefinition(options, keep));
  }
});

Deno.test("randomMask() keeps the share of cells that was asked for, and moves by less than a cell", () => {
  const size = { height: 224, width: 160 };
  for (const keep of [0.2, 0.5]) {
    const masks = Array.from(
      { length: 200 },
      (_, index) => randomMask(index, { seed: 4, grid: 7, keep }, size),
    );
    const cells = masks.flatMap(({ values }) => [...values]);
    assert.ok(cells.every((value) => value === 0 || value === 1));
    const share = cells.filter((value) => value === 1).length / cells.length;
    assert.ok(Math.abs(share - keep) < 0.02, `${share}`);
    assert.deepEqual(masks[0]?.enlarged, { height: 8 * 32, width: 8 * 23 });
    const tops = masks.map(({ corner }) => corner.top);
    const lefts = masks.map(({ corner }) => corner.left);
    assert.deepEqual([Math.min(...tops), Math.max(...tops)], [0, 31]);
    assert.deepEqual([Math.min(...lefts), Math.max(...lefts)], [0, 22]);
  }
});

Deno.test("randomMask() is decided by seed and index alone", () => {
  const size = { height: 32, width: 32 };
  const text = (index: number, seed: number) =>
    JSON.stringify(randomMask(index, { seed, grid: 7, keep: 0.5 }, size));
  assert.equal(text(3, 1), text(3, 1));
  assert.equal(new Set([text(3, 1), text(4, 1), text(3, 2), text(4, 2)]).size, 4);
});

Deno.test("MaskSums adds masks of different sizes, alone and each with its weight", () => {
  const sum = new MaskSums({ height, width });
  const masks = [3, 5].map((grid) => randomMask(0, { seed: 1, grid, keep: 0.5 }, { height, width }));
  for (const mask of masks) sum.add(mask, 2);
  const [first = [], second = []] = masks.map(cut);
  const plain = first.map((value, px) => value + (second[px] ?? NaN));
  assertClose(sum.plain, plain, 1e-6);
  assertClose(sum.weighted, plain.map((value) => 2 * value), 1e-6);
});

Deno.test("rise asks the same masks of every frame and of every class, and others with another seed", () => {
  const keys = (more: Parameters<typeof course>[1]) =>
    course(rise, { options: { masks: 12 }, ...more }).groups.flat()
      .map(({ variation }) => variation.kind === "mix" ? `${variation.mask.values}` : "");
  assert.deepEqual(keys({}), keys({ frame: 2, target: { kind: "class", index: 2 } }));
  assert.notDeepEqual(keys({}), keys({ options: { masks: 12, seed: 1 } }));
  assert.deepEqual(keys({}), keys({ options: { masks: 20 } }).slice(0, 12));
  assert.deepEqual(mapOf(rise, { options: { masks: 12 } }), mapOf(rise, { options: { masks: 12 } }));
});

Deno.test("rise shows the map of the masks so far, with rising progress, in batches where the picture is still", () => {
  const { tiles, groups, map } = course(rise, { options: { masks: 20 } });
  assert.deepEqual(groups.map((group) => group.length), [7, 7, 6]);
  assert.deepEqual(tiles.map(({ progress }) => progress), [0.35, 0.7]);
  assert.deepEqual(tiles[0]?.values, mapOf(rise, { options: { masks: 7 } }).values);
  assert.deepEqual(tiles[1]?.values, mapOf(rise, { options: { masks: 14 } }).values);
  assert.deepEqual(map, mapOf(rise, { options: { masks: 20 }, still: false }));
  assert.ok(
    course(rise, { options: { masks: 3 }, still: false }).groups.every((group) => group.length === 1),
  );
});

/** A network of 30×30 px for which class 1 gets the more probable, from 0.3 to 0.7, the more its middle pixel is seen. */
function lookingNetwork() {
  const network = new SmallNetwork({ width: 30, height: 30 });
  return {
    model: network.model,
    answer: (probe: Parameters<SmallNetwork["answer"]>[0]) => {
      const row = network.answer({ ...probe, variation: { kind: "none" } });
      if (probe.variation.kind !== "mix") return row;
      const { mask } = probe.variation;
      const whole = enlarge(mask, mask.enlarged ?? network.model);
      const { top, left } = mask.corner ?? { top: 0, left: 0 };
      const seen = whole[(top + 15) * (mask.enlarged?.width ?? 0) + left + 15] ?? 0;
      const probability = 0.3 + 0.4 * seen;
      return { ...row, logits: Float32Array.of(0, Math.log(probability / (1 - probability)), -99) };
    },
  };
}

Deno.test("rise finds the pixels that a network looks at", () => {
  const { values } = mapOf(rise, { network: lookingNetwork(), options: { masks: 400, grid: 3 } });
  const largest = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
  assert.ok(Math.hypot(Math.floor(largest / 30) - 15, largest % 30 - 15) < 5);
  assert.ok(Math.abs((values[largest] ?? NaN) - 0.6) < 0.1);
});

Deno.test("rise comes nearer to the published sum of many masks when it is centred", () => {
  const network = lookingNetwork();
  const map = (options: OptionValues) => mapOf(rise, { network, options: { grid: 3, ...options } }).values;
  const many = map({ masks: 3_000, estimate: "plain", seed: 9 });
  const [plain = NaN, centred = NaN] = ["plain", "centred"].map((estimate) => {
    const few = map({ masks: 100, estimate });
    return Math.sqrt(few.reduce((sum, value, px) => sum + (value - (many[px] ?? NaN)) ** 2, 0) / few.length);
  });
  assert.ok(centred < 0.6 * plain && centred < 0.04, `${centred} and ${plain}`);
});

Deno.test("rise says how far its map would differ with other masks", () => {
  const network = lookingNetwork();
  for (const options of [{ masks: 100, grid: 3 }, { masks: 100, grid: 3, keep: 30, estimate: "plain" }]) {
    const maps = Array.from(
      { length: 12 },
      (_, seed) => mapOf(rise, { network, options: { ...options, seed } }),
    );
    // Apart from the level, which all pixels of a map have in common.
    const levelled = maps.map(({ values }) => {
      const level = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.map((value) => value - level);
    });
    const spread = Math.sqrt(
      levelled[0]?.reduce((sum, _, px) => sum + variance(levelled.map((values) => values[px] ?? NaN)), 0) ??
        NaN,
    ) / 30;
    const said = maps.reduce((sum, { samples }) => sum + (samples?.error ?? NaN), 0) / maps.length;
    assert.ok(Math.abs(said / spread - 1) < 0.25, `said ${said}, found ${spread}`);
    assert.deepEqual(maps[0]?.samples, { count: 100, of: null, error: maps[0]?.samples?.error ?? null });
  }
  assert.equal(mapOf(rise, { options: { masks: 1 } }).samples?.error, null);
});

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

Deno.test("rise can be ended early, and refuses options out of range", () => {
  assert.equal(course(rise, { maxGroups: 3 }).map, null);
  for (const options of [{ masks: 0 }, { keep: 100 }, { keep: 0 }, { grid: 1 }, { seed: -1 }]) {
    assert.throws(
      () => resolveRequest(NETWORK.model, { method: "rise", target: { kind: "rank", rank: 1 }, options }),
      { code: "bad-option" },
    );
  }
});
