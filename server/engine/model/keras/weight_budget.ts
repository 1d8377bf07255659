/** Bounds what all weights of a model take together. */
import type { Weight } from "../weights.ts";

/** Bytes that all weights may take as float32: what the engine's memory can hold. */
const MAX_BYTES = 2 ** 31;

/** Counts down the bytes that are left for weights. */
export class WeightBudget {
  #left: number;

  /** @param most bytes that all weights may take as float32 */
  constructor(most: number) {
    this.#left = Math.min(MAX_BYTES, most);
  }

  /** Reads a weight, telling its reader how many bytes are left. */
  read(act: (most: number) => Weight | null): Weight | null {
    const weight = act(this.#left);
    this.#left -= weight?.values.byteLength ?? 0;
    return weight;
  }
}
