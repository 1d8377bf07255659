import assert from "node:assert/strict";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";
import { fillIn } from "./kriging.ts";
import { layWindows, placeOf, rectangleOf } from "./windows.ts";

const GRID = layWindows(48, 40, { window: 16, stride: 8 });

function drops(valueOf: (row: number, column: number) => number, measured: (index: number) => boolean) {
  return Float64Array.from({ length: GRID.count }, (_, index) => {
    const { row, column } = placeOf(GRID, index);
    return measured(index) ? valueOf(row, column) : NaN;
  });
}

/** Solves the whole system of ordinary kriging, unknown mean included, by elimination. */
function byDefinition(index: number, known: ReadonlyMap<number, number>): number {
  const covariance = (a: number, b: number) => {
    const [here, there] = [rectangleOf(GRID, a), rectangleOf(GRID, b)];
    const scaled = Math.sqrt(3) * Math.hypot(here.top - there.top, here.left - there.left) / (0.75 * 16);
    return (1 + scaled) * Math.exp(-scaled) + (a === b ? 1e-3 : 0);
  };
  const positions = [...known.keys()];
  const system = [
    ...positions.map((a) => [...positions.map((b) => covariance(a, b)), 1, covariance(a, index)]),
    [...positions.map(() => 1), 0, 1],
  ];
  for (let pivot = 0; pivot < system.length; pivot++) {
    const swap = system.slice(pivot).findIndex((line) => Math.abs(line[pivot] ?? 0) > 1e-12) + pivot;
    [system[pivot], system[swap]] = [system[swap] ?? [], system[pivot] ?? []];
    const own = system[pivot] ?? [];
    for (const [other, line] of system.entries()) {
      if (other === pivot) continue;
      const factor = (line[pivot] ?? 0) / (own[pivot] ?? 1);
      system[other] = line.map((value, column) => value - factor * (own[column] ?? 0));
    }
  }
  return positions.reduce((sum, place, row) => {
    const line = system[row] ?? [];
    return sum + (line.at(-1) ?? NaN) / (line[row] ?? NaN) * (known.get(place) ?? NaN);
  }, 0);
}

Deno.test("fillIn() equals the whole system of ordinary kriging where few windows were measured", () => {
  const random = randomNumbers(5);
  const some = drops(() => random() * 4 - 2, (index) => index % 2 === 1);
  const known = new Map([...some.entries()].filter(([, drop]) => !Number.isNaN(drop)));
  assert.ok(known.size <= 12 && known.size > 5);
  for (const [index, value] of fillIn(GRID, some).entries()) {
    if (!known.has(index)) assert.ok(Math.abs(value - byDefinition(index, known)) < 1e-9);
  }
});

Deno.test("fillIn() leaves what was measured as it is, to the bit", () => {
  const random = randomNumbers(6);
  const some = drops(() => random(), (index) => index % 3 !== 0);
  for (const [index, value] of fillIn(GRID, some).entries()) {
    assert.ok(Number.isFinite(value));
    if (index % 3 !== 0) assert.equal(value, some[index]);
  }
});

Deno.test("fillIn() continues with a constant, from one window or from many", () => {
  for (const measured of [(index: number) => index === 7, (index: number) => index % 2 === 0]) {
    for (const value of fillIn(GRID, drops(() => -3, measured))) assert.ok(Math.abs(value + 3) < 1e-9);
  }
});

Deno.test("fillIn() follows a slope between measured windows", () => {
  const slope = (row: number, column: number) => row + 2 * column;
  const inside = 9;
  const { row, column } = placeOf(GRID, inside);
  const filled = fillIn(GRID, drops(slope, (index) => index !== inside));
  assert.ok(Math.abs((filled[inside] ?? NaN) - slope(row, column)) < 0.2);
});

Deno.test("fillIn() gives 0 where nothing was measured", () => {
  assert.deepEqual(fillIn(GRID, drops(() => 1, () => false)), new Float64Array(GRID.count));
});
