/** A mean that grows sample by sample and can be looked at in between. */

/** The mean of arrays of equal length. */
export class RunningMean {
  readonly #first: ArrayLike<number> | null;
  #sum: Float64Array | null = null;
  #squares: Float64Array | null = null;
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
    const sum = this.#sum ??= new Float64Array(values.length);
    const squares = this.#squares ??= new Float64Array(values.length);
    for (let at = 0; at < sum.length; at++) {
      const value = values[at] as number;
      sum[at] = (sum[at] as number) + value;
      squares[at] = (squares[at] as number) + value * value;
    }
    this.#count++;
  }

  /** Root mean square over the numbers of the standard error of their means, or null of fewer than two samples. */
  standardError(): number | null {
    const [sum, squares, count] = [this.#sum, this.#squares, this.#count];
    if (sum === null || squares === null || count < 2) return null;
    let total = 0;
    for (let at = 0; at < sum.length; at++) {
      // Rounding may leave a little less than nothing.
      total += Math.max(0, (squares[at] as number) - (sum[at] as number) ** 2 / count);
    }
    return Math.sqrt(total / sum.length / (count - 1) / count);
  }

  /** The best estimate so far. */
  shown(): Float64Array {
    const first = this.#first;
    if (first === null) return this.finished();
    const sum = this.#sum;
    if (sum === null) return Float64Array.from(first);
    return scaled(sum, 1 / (this.#count + 1), first);
  }

  /** The mean of the samples alone. */
  finished(): Float64Array {
    return this.#sum === null ? new Float64Array(0) : scaled(this.#sum, 1 / this.#count);
  }
}

/** (sum + more)·factor; a loop, as a callback for each of 150,000 numbers takes several times as long. */
function scaled(sum: Float64Array, factor: number, more: ArrayLike<number> | null = null): Float64Array {
  const values = new Float64Array(sum.length);
  for (let at = 0; at < values.length; at++) {
    values[at] = ((sum[at] as number) + (more === null ? 0 : more[at] as number)) * factor;
  }
  return values;
}
