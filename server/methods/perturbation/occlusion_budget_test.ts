import assert from "node:assert/strict";
import { contextOf, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { StreamDrops, Sweep } from "./_sweep.ts";
import { cellMeans } from "./_drop_means.ts";
import { layWindows, type WindowGrid } from "../numerics/windows.ts";
import { occlusion } from "./occlusion.ts";

const NETWORK = new SmallNetwork({ width: 16, height: 16 });
const OPTIONS = { window: 4, stride: 2, fill: "grey", score: "logit" };

/** 49 windows, 16 of them coarse. */
function course(budget: number, more: Parameters<typeof contextOf>[1] = {}) {
  return runCourse(
    NETWORK,
    occlusion.attribute(contextOf(NETWORK, { options: { ...OPTIONS, budget }, ...more })),
  );
}

Deno.test("occlusion with a budget measures as many windows, each once, the coarse grid among them", () => {
  for (const budget of [1, 10, 16, 20, 37, 48]) {
    for (const still of [true, false]) {
      const windows = course(budget, { still }).groups.flat().map(({ variation }) =>
        JSON.stringify(variation)
      );
      assert.equal(windows.length, budget);
      assert.equal(new Set(windows).size, budget);
      const coarse = windows.filter((key) => {
        const { window } = JSON.parse(key) as { window: { top: number; left: number } };
        return window.top % 4 === 0 && window.left % 4 === 0;
      });
      assert.equal(coarse.length, Math.min(16, budget));
    }
  }
});

Deno.test("occlusion with a budget of all windows, more, or 0 is exact to the bit", () => {
  const exact = runCourse(NETWORK, occlusion.attribute(contextOf(NETWORK, { options: OPTIONS }))).map;
  for (const budget of [49, 50, 1_000_000, 0]) assert.deepEqual(course(budget).map, exact);
});

Deno.test("occlusion with a budget ends with a progress of 1 and a finite map", () => {
  const { tiles, map } = course(20);
  assert.equal(tiles.at(-1)?.progress, 1);
  assert.ok(tiles.every(({ progress }, index) => progress >= (tiles[index - 1]?.progress ?? 0)));
  assert.deepEqual([map?.height, map?.width, map?.values.length], [8, 8, 64]);
  assert.ok(map?.values.every(Number.isFinite));
});

Deno.test("occlusion with a budget gives the same map for the same frame", () => {
  assert.deepEqual(course(30).map, course(30).map);
});

Deno.test("occlusion can be ended before its budget is spent", () => {
  const { map, groups } = course(40, {});
  assert.notEqual(map, null);
  assert.equal(groups.flat().length, 40);
  const attribution = occlusion.attribute(contextOf(NETWORK, { options: { ...OPTIONS, budget: 40 } }));
  const ended = runCourse(NETWORK, attribution, 2);
  assert.deepEqual([ended.map, ended.groups.length], [null, 2]);
  assert.equal(attribution.next([]).done, true);
});

/** What a sweep of a still picture makes of the true drops. */
function mapOf(grid: WindowGrid, truth: Float64Array, budget: number): Float32Array {
  const sweep = new Sweep({
    grid,
    sketch: null,
    frame: 1,
    evidence: new Float64Array(grid.count),
    stream: new StreamDrops(0, grid.count),
    still: true,
    budget,
  });
  for (let group = sweep.next(8); group.length > 0; group = sweep.next(8)) {
    for (const index of group) sweep.record(index, truth[index] ?? NaN);
  }
  const all = (end: number) => ({ first: 0, end });
  return cellMeans(grid, sweep.finished(), all(grid.rows.cells), all(grid.columns.cells));
}

function pearson(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((x, y) => x + y, 0) / values.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  const dot = (x: Float32Array, y: Float32Array, meanX: number, meanY: number) =>
    x.reduce((sum, value, index) => sum + (value - meanX) * ((y[index] ?? NaN) - meanY), 0);
  return dot(a, b, middleA, middleB) /
    Math.sqrt(dot(a, a, middleA, middleA) * dot(b, b, middleB, middleB));
}

Deno.test("occlusion with a budget of 89 windows keeps to the exact maps of nine photos", async () => {
  const grid = layWindows(224, 224, { window: 32, stride: 16 });
  const table = await Deno.readTextFile(new URL("_fixtures/drops.csv", import.meta.url));
  const correlations = table.trim().split("\n").map((line) => {
    const [, ...drops] = line.split(",").map(Number);
    assert.equal(drops.length, grid.count);
    const truth = Float64Array.from(drops);
    return pearson(mapOf(grid, truth, 89), mapOf(grid, truth, grid.count));
  });
  assert.equal(correlations.length, 9);
  const mean = correlations.reduce((a, b) => a + b) / correlations.length;
  assert.ok(mean >= 0.965, `mean ${mean}`);
  assert.ok(Math.min(...correlations) >= 0.95, `worst of ${correlations.join(", ")}`);
});
