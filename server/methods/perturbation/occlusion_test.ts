import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fill, InputWindow } from "../../engine/port.ts";
import { contextOf, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { GROUP_ROWS, occlusion } from "./occlusion.ts";
import { assertProperty } from "../../../tests/support/seeded.ts";

const DEFAULTS = { window: 4, stride: 2, fill: "grey", score: "logit" } as const;

/** The definition, pixel by pixel: no grids, no tables, no order. */
function bruteForce(
  network: SmallNetwork,
  frame: number,
  { window, stride, fill }: { window: number; stride: number; fill: Fill },
): number[] {
  const { width, height } = network.model;
  const startsOf = (size: number) => {
    const starts = new Set<number>();
    for (let start = 0; start + window < size; start += stride) starts.add(start);
    return [...starts.add(size - window)];
  };
  const drop = (hidden: InputWindow) => {
    const [whole, filled] = [{ kind: "none" }, { kind: "fill", window: hidden, fill }].map((variation) =>
      network.answer({ frame, variation: variation as { kind: "none" }, want: { kind: "logits" } })
        .logits[0] ?? NaN
    ) as [number, number];
    return whole - filled;
  };
  const windows = startsOf(height).flatMap((top) =>
    startsOf(width).map((left) => ({ top, left, height: window, width: window }))
  );
  const drops = windows.map(drop);
  const values: number[] = [];
  for (let y = 0; y < height; y += stride) {
    for (let x = 0; x < width; x += stride) {
      const over = drops.filter((_, index) => {
        const { top, left } = windows[index] ?? assert.fail();
        return top < Math.min(height, y + stride) && top + window > y && left < Math.min(width, x + stride) &&
          left + window > x;
      });
      values.push(over.reduce((a, b) => a + b, 0) / over.length);
    }
  }
  return values;
}

function close(actual: Iterable<number>, wanted: readonly number[]): void {
  const values = [...actual];
  assert.equal(values.length, wanted.length);
  for (const [index, value] of values.entries()) assert.ok(Math.abs(value - (wanted[index] ?? NaN)) < 1e-4);
}

Deno.test("occlusion equals the definition, on any size, window, stride and fill", () => {
  const cases = fc.record({
    width: fc.integer({ min: 8, max: 20 }),
    height: fc.integer({ min: 8, max: 20 }),
    window: fc.integer({ min: 4, max: 8 }),
    stride: fc.integer({ min: 2, max: 8 }),
    fill: fc.constantFrom("grey" as const, "black" as const, "white" as const),
    seed: fc.nat(1000),
  }).filter(({ window, stride }) => stride <= window);
  assertProperty(
    fc.property(cases, ({ width, height, seed, ...options }) => {
      const network = new SmallNetwork({ width, height, seed });
      const context = contextOf(network, { options: { ...DEFAULTS, ...options } });
      const { map } = runCourse(network, occlusion.attribute(context));
      assert.deepEqual([map?.height, map?.width], [
        Math.ceil(height / options.stride),
        Math.ceil(width / options.stride),
      ]);
      close(map?.values ?? [], bruteForce(network, 1, options));
    }),
    { numRuns: 60 },
  );
});

for (const [window, stride] of [[6, 4], [4, 4], [16, 2], [16, 16]] as const) {
  Deno.test(`occlusion equals the definition with window ${window} and stride ${stride} on 16 px`, () => {
    const network = new SmallNetwork({ width: 16, height: 16 });
    const options = { ...DEFAULTS, window, stride };
    const { map } = runCourse(network, occlusion.attribute(contextOf(network, { options })));
    close(map?.values ?? [], bruteForce(network, 1, options));
  });
}

Deno.test("occlusion gives the same bytes whatever the order of its windows", () => {
  const maps = [[1, 2, 3, 4], [4, 3, 2, 1], null].map((projection) => {
    const network = new SmallNetwork({ width: 16, height: 12, projection });
    const { map, groups } = runCourse(
      network,
      occlusion.attribute(contextOf(network, { options: DEFAULTS })),
    );
    return { values: map?.values, first: JSON.stringify(groups[0]) };
  });
  assert.equal(new Set(maps.map(({ first }) => first)).size, 3);
  assert.deepEqual(maps[0]?.values, maps[1]?.values);
  assert.deepEqual(maps[0]?.values, maps[2]?.values);
});

Deno.test("occlusion measures the coarse grid first, in falling order of the frame's evidence", () => {
  const network = new SmallNetwork({ width: 8, height: 8, projection: [5, 7, 6, 8] });
  const { groups } = runCourse(network, occlusion.attribute(contextOf(network, { options: DEFAULTS })));
  const first = groups[0]?.map(({ variation }) => variation.kind === "fill" ? variation.window : null) ?? [];
  assert.equal(first.length, GROUP_ROWS);
  assert.deepEqual(first.slice(0, 4).map((window) => [window?.top, window?.left]), [[4, 4], [0, 4], [4, 0], [
    0,
    0,
  ]]);
  assert.deepEqual(groups.map((group) => group.length), [8, 1]);
});

Deno.test("occlusion measures windows singly while the picture moves", () => {
  const network = new SmallNetwork({ width: 8, height: 8 });
  const context = contextOf(network, { options: DEFAULTS, still: false });
  assert.ok(runCourse(network, occlusion.attribute(context)).groups.every((group) => group.length === 1));
});

Deno.test("occlusion emits each window's cells as the mean of what was measured, with rising progress", () => {
  const network = new SmallNetwork({ width: 16, height: 16 });
  const { tiles, map } = runCourse(network, occlusion.attribute(contextOf(network, { options: DEFAULTS })));
  assert.equal(tiles.length, 49);
  assert.ok(tiles.every(({ rows, columns, values }) => rows === 2 && columns === 2 && values.length === 4));
  assert.ok(tiles.every((tile, index) => index === 0 || tile.progress >= (tiles[index - 1]?.progress ?? 0)));
  const shown = new Float32Array(64).fill(NaN);
  for (const { row, column, values } of tiles) {
    for (const [index, value] of values.entries()) {
      shown[(row + (index >> 1)) * 8 + column + (index & 1)] = value;
    }
  }
  close(shown, [...map?.values ?? []]);
  assert.equal(tiles.at(-1)?.progress, 1);
});

Deno.test("occlusion with the score probability measures the drop of the softmax", () => {
  const network = new SmallNetwork({ width: 8, height: 8, classes: 2 });
  const options = { ...DEFAULTS, window: 8, stride: 8, score: "probability" };
  const { map } = runCourse(network, occlusion.attribute(contextOf(network, { options })));
  const { logits } = network.answer({ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } });
  const before = 1 / (1 + Math.exp((logits[1] ?? 0) - (logits[0] ?? 0)));
  close(map?.values ?? [], [before - 0.5]);
});
