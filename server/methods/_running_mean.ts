/** A mean that grows sample by sample and can be looked at in between. */

/** The mean of arrays of equal length. */
export class RunningMean {
  readonly #first: ArrayLike<number> | null;
  #sum: Float64Array | null = null;
  #count = 0;

  /** `first` counts in what is shown until the mean is finished, and not in the finished one. */
  constructor(first: ArrayLike<number> | null) {
    this.#first = first;
  }

  /** Samples so far. */
  get count(): number {
    return this.#count;
  }

  add(values: ArrayLike<number>): void {
    this.#sum ??= new Float64Array(values.length);
    for (let at = 0; at < values.length; at++) this.#sum[at] = (this.#sum[at] ?? 0) + (values[at] ?? 0);
    this.#count++;
  }

  /** The best estimate so far. */
  shown(): Float64Array {
    const first = this.#first;
    if (first === null) return this.finished();
    const sum = this.#sum;
    return Float64Array.from(first, (value, at) => (value + (sum?.[at] ?? 0)) / (this.#count + 1));
  }

  /** The mean of the samples alone. */
  finished(): Float64Array {
    return this.#sum?.map((value) => value / this.#count) ?? new Float64Array(0);
  }
}
