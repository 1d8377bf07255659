import assert from "node:assert/strict";
import type { Probe } from "../../engine/port.ts";
import {
  answered,
  type Asked,
  assertClose,
  classScore,
  course,
  mapOf,
  NETWORK,
} from "../testing/gradient_cases.ts";
import { saliency } from "./saliency.ts";
import { smoothGrad } from "./smoothgrad.ts";

const { height, width } = NETWORK.model;
const OPTIONS = { samples: 11, noise: 20, seed: 3 };

function noises(groups: readonly (readonly Probe[])[]): (string | number)[][] {
  return groups.map((group) =>
    group.map(({ variation }) => variation.kind === "noise" ? variation.seed : variation.kind)
  );
}

/** Mean over the noises of the largest slope of each pixel. */
function definition(seeds: readonly number[], level: number): number[] {
  const sum = new Array<number>(height * width).fill(0);
  for (const seed of seeds) {
    const { gradient } =
      answered({ kind: "input", score: classScore(1), rule: "plain" }, { kind: "noise", seed, level }).detail;
    for (let px = 0; px < height * width; px++) {
      const sizes = [0, 1, 2].map((k) => Math.abs(gradient.values[px * 3 + k] ?? NaN));
      sum[px] = (sum[px] ?? NaN) + Math.max(...sizes) / seeds.length;
    }
  }
  return sum;
}

const SEEDS = Array.from({ length: 11 }, (_, sample) => 3000 + sample);

Deno.test("smoothgrad equals its definition, on a still picture and on a moving one", () => {
  const wanted = definition(SEEDS, 0.2);
  for (const still of [true, false]) {
    const map = mapOf(smoothGrad, { options: OPTIONS, still });
    assert.deepEqual([map.height, map.width, map.layer, map.classIndex], [height, width, null, 1]);
    assertClose(map.values, wanted);
  }
});

Deno.test("smoothgrad gives the same bytes again, other ones for another seed, the same noise for every frame", () => {
  const first = mapOf(smoothGrad, { options: OPTIONS });
  assert.deepEqual(mapOf(smoothGrad, { options: OPTIONS }), first);
  assert.notDeepEqual(mapOf(smoothGrad, { options: { ...OPTIONS, seed: 4 } }).values, first.values);
  const seedsOf = (asked: Asked) => noises(course(smoothGrad, asked).groups).flat();
  assert.deepEqual(seedsOf({ options: OPTIONS, frame: 2 }), SEEDS);
  const others = new Set(seedsOf({ options: { ...OPTIONS, seed: 4 } }));
  assert.ok(SEEDS.every((seed) => !others.has(seed)));
});

Deno.test("smoothgrad takes whole batches of a still picture and shows the mean after each but the last", () => {
  const { kinds, groups, tiles } = course(smoothGrad, { options: { ...OPTIONS, samples: 20 } });
  assert.deepEqual(groups.map((group) => group.length), [7, 7, 6]);
  assert.deepEqual(kinds, ["frame", "tile", "tile", "tile", "tile", "tile"]);
  assert.deepEqual(tiles.map(({ progress }) => progress), [7 / 20, 14 / 20]);
  assertClose(tiles[0]?.values ?? [], definition(SEEDS.slice(0, 7), 0.2));
  assert.ok(
    tiles.every(({ mapHeight, mapWidth, rows, columns, row, column }) =>
      [mapHeight, mapWidth, rows, columns, row, column].join() === [height, width, height, width, 0, 0].join()
    ),
  );
});

Deno.test("smoothgrad asks for no gradient of the unchanged still picture", () => {
  const context = { still: true, options: { ...OPTIONS, samples: 1 } };
  assert.deepEqual(course(smoothGrad, context).kinds, ["frame", "tile"]);
});

Deno.test("smoothgrad on a moving picture shows its saliency at once and one sample at a time", () => {
  const { groups, tiles } = course(smoothGrad, { options: OPTIONS, still: false, maxGroups: 2 });
  assert.deepEqual(noises(groups), [[3000], [3001]]);
  assert.deepEqual(tiles.map(({ progress }) => progress), [0, 1 / 11, 2 / 11]);
  const unchanged = mapOf(saliency).values;
  assertClose(tiles[0]?.values ?? [], unchanged);
  const sample = definition([3000], 0.2);
  assertClose(tiles[1]?.values ?? [], [...unchanged].map((value, px) => (value + (sample[px] ?? NaN)) / 2));
});

Deno.test("smoothgrad stays with the class that the rank meant on the unchanged picture", () => {
  const { map, groups } = course(smoothGrad, { options: OPTIONS, target: { kind: "rank", rank: 1 } });
  for (const { want } of groups.flat()) {
    assert.ok(want.kind === "input" && want.score.kind === "target");
    assert.deepEqual(want.score.target, { kind: "class", index: map?.classIndex });
  }
});

Deno.test("smoothgrad can be ended between two groups", () => {
  const { map, groups } = course(smoothGrad, { options: OPTIONS, maxGroups: 1 });
  assert.deepEqual([map, groups.length], [null, 1]);
});

Deno.test("smoothgrad refuses noise and samples that are out of range", () => {
  assert.throws(() => course(smoothGrad, { options: { noise: 0 } }), {
    message: /'noise'.*1 to 100 %.*got 0/,
  });
  assert.throws(() => course(smoothGrad, { options: { samples: 0 } }), { code: "bad-option" });
});
