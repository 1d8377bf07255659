/** Masks that a map makes: which pixels go first, and how much of each one stays. */
import { type Plane, resizeBilinear } from "../../../shared/resize.ts";
import type { Mask } from "../../engine/port.ts";

/** Size of the model's input, in pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** The pixels of an input in the falling order of a map. */
export class PxOrder {
  readonly #size: InputSize;
  /** `[height, width]` the map, enlarged bilinearly. */
  readonly #values: Float32Array;
  /** The same values, rising. */
  readonly #sorted: Float32Array;

  constructor(map: Plane, { height, width }: InputSize) {
    this.#size = { height, width };
    this.#values = resizeBilinear(map, this.#size);
    this.#sorted = this.#values.toSorted();
  }

  /**
   * A mask over the whole input with `chosen` at the share of the pixels where the map is largest and 1 − `chosen` at the
   * others; of equal pixels those nearer to the top left come first.
   *
   * @param share 0…1
   */
  mask(share: number, chosen: 0 | 1): Mask {
    const length = this.#values.length;
    const first = length - Math.round(share * length);
    const threshold = this.#sorted[first] ?? Infinity;
    let ties = 0;
    while (first + ties < length && this.#sorted[first + ties] === threshold) ties++;
    const values = new Float32Array(length).fill(1 - chosen);
    for (let px = 0; px < length; px++) {
      const value = this.#values[px] ?? 0;
      if (value > threshold || (value === threshold && ties-- > 0)) values[px] = chosen;
    }
    return { ...this.#size, values };
  }
}

/**
 * A map as a mask: clipped at 0, then min-max scaled to 0…1; a map of one value hides everything. A mask's cells tile
 * the input: a map whose cells do not is resized to the input's size first.
 */
export function maskOf(map: Plane, input: InputSize): Mask {
  const { height, width, values } = map.extent === undefined ? map : {
    ...input,
    // Clipped first, as the other maps are.
    values: resizeBilinear({ ...map, values: map.values.map((value) => Math.max(0, value)) }, input),
  };
  const clipped = values.map((value) => Math.max(0, value));
  const min = clipped.reduce((a, b) => Math.min(a, b), Infinity);
  const range = clipped.reduce((a, b) => Math.max(a, b), 0) - min;
  return { height, width, values: clipped.map((value) => range > 0 ? (value - min) / range : 0) };
}
