/** Ordinary kriging (Matheron 1963): drops of windows that were not measured, from those nearby that were. */
import { rectangleOf, type WindowGrid } from "./windows.ts";

/** Measured windows that a drop is made of; further ones lie behind these and hardly count. */
const NEIGHBOURS = 12;

/** Distance over which drops stay alike, in windows; found on 23 photos, and 0.5 to 1.5 do nearly as well. */
const RANGE = 0.75;

/** What a drop varies by on its own; it also keeps the equations solvable. */
const NUGGET = 1e-3;

/** A measured window. */
interface Sample {
  readonly top: number;
  readonly left: number;
  readonly drop: number;
}

/**
 * Fills in the drops that are NaN, `[windows]` in the units of the others, which stay as they are: the best linear
 * estimate under a Matérn covariance of order 3/2. With no drop at all everything is 0.
 */
export function fillIn(grid: WindowGrid, drops: Float64Array): Float64Array {
  const samples: Sample[] = [];
  for (const [index, drop] of drops.entries()) {
    if (!Number.isNaN(drop)) samples.push({ ...rectangleOf(grid, index), drop });
  }
  return drops.map((drop, index) => Number.isNaN(drop) ? estimate(grid, index, samples) : drop);
}

function estimate(grid: WindowGrid, index: number, samples: readonly Sample[]): number {
  const here = rectangleOf(grid, index);
  const likeness = (a: Pick<Sample, "top" | "left">, b: Pick<Sample, "top" | "left">) =>
    matern(Math.hypot(a.top - b.top, a.left - b.left) / (grid.window * RANGE));
  const near = nearest(samples, ({ top, left }) => (top - here.top) ** 2 + (left - here.left) ** 2);
  if (near.length === 0) return 0;
  const covariances = near.map((a, row) =>
    near.map((b, column) => likeness(a, b) + (row === column ? NUGGET : 0))
  );
  const root = cholesky(covariances);
  const toHere = solve(root, near.map((sample) => likeness(sample, here)));
  const toAll = solve(root, near.map(() => 1));
  // The weights have to sum up to 1, as the mean of the drops is not known.
  const missing = (1 - sum(toHere)) / sum(toAll);
  return sum(near.map(({ drop }, place) => drop * ((toHere[place] ?? 0) + missing * (toAll[place] ?? 0))));
}

/** The samples with the smallest distances, nearest first; of equal ones the first in the list. */
function nearest(samples: readonly Sample[], distanceOf: (sample: Sample) => number): Sample[] {
  const best: { sample: Sample; distance: number }[] = [];
  for (const sample of samples) {
    const distance = distanceOf(sample);
    if (best.length === NEIGHBOURS && distance >= (best.at(-1)?.distance ?? 0)) continue;
    const place = best.findIndex((other) => distance < other.distance);
    best.splice(place < 0 ? best.length : place, 0, { sample, distance });
    if (best.length > NEIGHBOURS) best.pop();
  }
  return best.map(({ sample }) => sample);
}

function matern(distance: number): number {
  const scaled = Math.sqrt(3) * distance;
  return (1 + scaled) * Math.exp(-scaled);
}

/** The lower triangle L of a positive definite matrix L·Lᵀ. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const root: number[][] = [];
  for (const [i, line] of matrix.entries()) {
    const own: number[] = [];
    for (let j = 0; j < i; j++) {
      const above = root[j] ?? [];
      own.push(((line[j] ?? 0) - product(own, above, j)) / (above[j] ?? 1));
    }
    own.push(Math.sqrt((line[i] ?? 0) - product(own, own, i)));
    root.push(own);
  }
  return root;
}

/** Solves L·Lᵀ·x = y. */
function solve(root: readonly (readonly number[])[], y: readonly number[]): number[] {
  const x = [...y];
  for (const [i, line] of root.entries()) x[i] = ((x[i] ?? 0) - product(line, x, i)) / (line[i] ?? 1);
  for (let i = root.length - 1; i >= 0; i--) {
    let value = x[i] ?? 0;
    for (let j = i + 1; j < root.length; j++) value -= (root[j]?.[i] ?? 0) * (x[j] ?? 0);
    x[i] = value / (root[i]?.[i] ?? 1);
  }
  return x;
}

/** Σ of the first `count` products. */
function product(a: readonly number[], b: readonly number[], count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
