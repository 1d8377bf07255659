/** What the windows that were measured say of the others: which one to measure next. */
import { type Axis, placeOf, type WindowGrid } from "../numerics/windows.ts";

/** How far a drop says something of other windows, in half windows. */
const REACH = 3;

/**
 * Guesses drops as means of the measured ones nearby. A drop weighs ((R − d)/(R·d))² at a distance of d half
 * windows, R = 3; where the weights sum up to W, the share 1/(1 + W) of a window counts as unknown.
 */
export class WindowPredictor {
  readonly #grid: WindowGrid;
  readonly #weights: Float64Array;
  readonly #weightedDrops: Float64Array;
  #count = 0;
  #mean = 0;
  #squares = 0;

  constructor(grid: WindowGrid) {
    this.#grid = grid;
    this.#weights = new Float64Array(grid.count);
    this.#weightedDrops = new Float64Array(grid.count);
  }

  /** Takes the drop of a window, each window once. */
  record(index: number, drop: number): void {
    const { rows, columns } = this.#grid;
    const place = placeOf(this.#grid, index);
    const down = this.#distances(rows, place.row);
    const across = this.#distances(columns, place.column);
    for (const [row, y] of down) {
      for (const [column, x] of across) {
        const distance = Math.hypot(x, y);
        if (distance === 0 || distance >= REACH) continue;
        const weight = ((REACH - distance) / (REACH * distance)) ** 2;
        const other = row * columns.starts.length + column;
        this.#weights[other] = (this.#weights[other] ?? 0) + weight;
        this.#weightedDrops[other] = (this.#weightedDrops[other] ?? 0) + weight * drop;
      }
    }
    this.#count++;
    const surprise = drop - this.#mean;
    this.#mean += surprise / this.#count;
    this.#squares += surprise * (drop - this.#mean);
  }

  /**
   * How much a window is worth measuring: (|guessed drop| + standard deviation of all drops) · unknown share².
   * The standard deviation keeps the search from staying where it found something.
   */
  worth(index: number): number {
    const weight = this.#weights[index] ?? 0;
    const guess = weight === 0 ? 0 : (this.#weightedDrops[index] ?? 0) / weight;
    const deviation = this.#count === 0 ? 0 : Math.sqrt(this.#squares / this.#count);
    return (Math.abs(guess) + deviation) / (1 + weight) ** 2;
  }

  /** Windows of an axis within reach of one of them, with their distance from it in half windows. */
  #distances({ starts }: Axis, from: number): [index: number, distance: number][] {
    const start = starts[from] ?? 0;
    return starts
      .map((other, index): [number, number] => [index, 2 * Math.abs(other - start) / this.#grid.window])
      .filter(([, distance]) => distance < REACH);
  }
}
