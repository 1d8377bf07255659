import assert from "node:assert/strict";
import fc from "fast-check";
import { blur, countPoints, dropOutliers } from "./_fixation_map.ts";
import { assertClose, course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { cnnFixations } from "./cnn_fixations.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { assertProperty } from "../../../tests/support/seeded.ts";

const SIZE = { height: 30, width: 40 };

type Point = readonly [row: number, column: number];

const POINTS = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0, max: 39 })),
  { minLength: 1, maxLength: 60 },
);

function counted(points: readonly Point[], size = SIZE): Float64Array {
  return countPoints(Float32Array.from(points.flat()), size);
}

Deno.test("dropOutliers() keeps a point where more than 5 % of the points lie within 10 % of the diagonal", () => {
  assertProperty(fc.property(POINTS, (points) => {
    const kept = points.filter(([row, column]) => {
      const near = points.filter(([y, x]) => (y - row) ** 2 + (x - column) ** 2 <= 5 ** 2).length;
      return near > 0.05 * points.length;
    });
    assert.deepEqual(dropOutliers(counted(points), SIZE), counted(kept));
  }));
});

Deno.test("dropOutliers() drops a single point far from a crowd of 20 and keeps the crowd", () => {
  const crowd: Point[] = Array.from({ length: 20 }, (_, index) => [2 + index % 4, 3]);
  assert.deepEqual(dropOutliers(counted([...crowd, [25, 35]]), SIZE), counted(crowd));
});

Deno.test("blur() equals a Gaussian over the map mirrored at its borders", () => {
  const size = { height: 6, width: 5 };
  const values = Float64Array.from({ length: 30 }, (_, at) => (at * 7) % 11);
  const sigma = 2;
  const mirror = (index: number, length: number): number =>
    index < 0 ? mirror(-1 - index, length) : index >= length ? mirror(2 * length - 1 - index, length) : index;
  const weights = Array.from({ length: 17 }, (_, at) => Math.exp(-((at - 8) ** 2) / 8));
  const total = weights.reduce((a, b) => a + b);
  const wanted = Array.from({ length: 30 }, (_, at) => {
    let sum = 0;
    for (const [down, a] of weights.entries()) {
      for (const [across, b] of weights.entries()) {
        const row = mirror(Math.floor(at / 5) + down - 8, 6);
        sum += a * b * (values[row * 5 + mirror(at % 5 + across - 8, 5)] ?? NaN);
      }
    }
    return sum / total ** 2;
  });
  assertClose(blur(values, size, sigma), wanted, 1e-9);
});

Deno.test("blur() loses no point, wherever it lies", () => {
  assertProperty(
    fc.property(POINTS, (points) => {
      const sum = blur(counted(points), SIZE, 20).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - points.length) < 1e-6);
    }),
    { numRuns: 20 },
  );
});

/** A network whose class is traced back to these points. */
function tracedTo(points: readonly Point[]) {
  const network = new SmallNetwork(SIZE);
  return {
    model: network.model,
    answer: (probe: Parameters<SmallNetwork["answer"]>[0]) => {
      const row = network.answer(probe);
      assert.ok(row.detail?.kind === "fixations");
      return { ...row, detail: { ...row.detail, points: Float32Array.from(points.flat()) } };
    },
  };
}

Deno.test("cnn-fixations shows where the points are, one row and no tile", () => {
  const crowd: Point[] = Array.from({ length: 30 }, (_, index) => [8 + index % 3, 30]);
  const { map, kinds } = course(cnnFixations, { network: tracedTo([...crowd, [28, 2]]) });
  assert.deepEqual(kinds, ["frame"]);
  assert.deepEqual([map?.height, map?.width, map?.classIndex, map?.layer], [30, 40, 1, null]);
  assertClose(map?.values ?? [], blur(counted(crowd), SIZE, 20), 1e-6);
});

Deno.test("cnn-fixations of a class that nothing speaks for is empty", () => {
  const { values } = mapOf(cnnFixations, { network: tracedTo([]) });
  assert.ok(values.every((value) => value === 0));
});

Deno.test("cnn-fixations asks for the target that it is given", () => {
  const { map } = course(cnnFixations, { target: { kind: "rank", rank: 1 } });
  const { logits } = NETWORK.answer({ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } });
  assert.equal(map?.classIndex, logits.indexOf(Math.max(...logits)));
});
