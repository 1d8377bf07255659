/** The straight way from a baseline to the frame, and the gradients met on it. */
import type { InputGradient } from "../../engine/port.ts";
import { channelProducts, inputDetail, type VolumeShape } from "../rows/input_row.ts";
import { RunningMean } from "../numerics/running_mean.ts";
import type { GoodRow } from "../method.ts";

/** The picture that the way begins at. */
export class Baseline {
  /** `[height, width, 3]`, normalised. */
  readonly input: Float32Array;
  /** `[classes]`. */
  readonly logits: Float32Array;

  constructor(row: GoodRow) {
    this.input = inputDetail(row).input.values;
    this.logits = row.logits;
  }
}

/** The midpoints (k+½)/n of n steps, those first that tell most of the whole: the middle, then that of each half. */
export function stepsInOrder(steps: number): number[] {
  const alphas: number[] = [];
  const ranges: (readonly [number, number])[] = [[0, steps]];
  for (const [first, end] of ranges) {
    if (first >= end) continue;
    const middle = Math.floor((first + end) / 2);
    alphas.push((middle + 0.5) / steps);
    ranges.push([first, middle], [middle + 1, end]);
  }
  return alphas;
}

/** Gradients on the way, times the way. */
export class GradientPath {
  readonly #mean: RunningMean;
  #baseline: Baseline | null;
  #shape: VolumeShape | null = null;
  /** Frame less baseline, `[height, width, 3]`. */
  #difference: Float64Array | null = null;

  /**
   * @param end the gradient at the frame itself, which counts in what is shown until the steps are done
   * @param baseline the way's other end, where it is known already
   */
  constructor(end: InputGradient | null, baseline: Baseline | null) {
    this.#mean = new RunningMean(end?.gradient.values ?? null);
    this.#baseline = baseline;
    if (end !== null) this.#measure(1, end);
  }

  get baseline(): Baseline | null {
    return this.#baseline;
  }

  /** Steps so far. */
  get count(): number {
    return this.#mean.count;
  }

  /** Takes the row of the step at `alpha`, 0…1; 0 is the baseline's own. */
  take(alpha: number, row: GoodRow): void {
    if (alpha === 0) {
      this.#baseline = new Baseline(row);
      return;
    }
    const detail = inputDetail(row);
    this.#mean.add(detail.gradient.values);
    this.#measure(alpha, detail);
  }

  /** The map from what has come so far, `[height, width]`, or null before both ends of the way are known. */
  shown(): Float64Array | null {
    return this.#times(this.#mean.shown());
  }

  /** The map of the steps alone. */
  finished(): { readonly values: Float64Array; readonly baseline: Baseline } {
    const values = this.#times(this.#mean.finished());
    if (values !== null && this.#baseline !== null) return { values, baseline: this.#baseline };
    throw new TypeError(
      `Cannot finish the map: it needs the baseline and a step, got ${this.count} steps`,
    );
  }

  /** A single place on the way shows how long it is. */
  #measure(alpha: number, { input, gradient: { height, width, channels } }: InputGradient): void {
    const start = this.#baseline?.input;
    if (start === undefined) return;
    this.#shape = { height, width, channels };
    this.#difference ??= Float64Array.from(input.values, (value, at) => (value - (start[at] ?? 0)) / alpha);
  }

  #times(gradient: Float64Array): Float64Array | null {
    if (this.#shape === null || this.#difference === null) return null;
    return channelProducts(this.#shape, gradient, this.#difference);
  }
}
