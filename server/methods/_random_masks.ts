/** Masks that a seed decides, as RISE draws them. */
import { resizeBilinear } from "../../shared/resize.ts";
import type { Mask } from "../engine/port.ts";
import { uniform } from "../engine/worker/noise.ts";
import type { InputSize } from "./_input_size.ts";

/** How masks are drawn. */
export interface MaskOptions {
  readonly seed: number;
  /** Cells along a side. */
  readonly grid: number;
  /** Probability with which a cell stays visible, 0…1. */
  readonly keep: number;
}

/** A mask that is enlarged beyond the input and cut out of that. */
export type RandomMask = Required<Mask>;

/**
 * The `index`-th mask of a seed, whatever others are drawn: grid×grid cells of 0 or 1, enlarged to grid + 1 cells of
 * ⌈side/grid⌉ px, the input's place in it moved by up to a cell. Numbers of the seed are used in this order: the cells
 * row by row, then top, then left.
 */
export function randomMask(
  index: number,
  { seed, grid, keep }: MaskOptions,
  { height, width }: InputSize,
): RandomMask {
  const cells = grid * grid;
  const first = index * (cells + 2);
  const cell = { height: Math.ceil(height / grid), width: Math.ceil(width / grid) };
  return {
    height: grid,
    width: grid,
    values: Float32Array.from({ length: cells }, (_, place) => uniform(seed, first + place) < keep ? 1 : 0),
    enlarged: { height: (grid + 1) * cell.height, width: (grid + 1) * cell.width },
    corner: {
      top: Math.floor(uniform(seed, first + cells) * cell.height),
      left: Math.floor(uniform(seed, first + cells + 1) * cell.width),
    },
  };
}

/** Sums of masks at the input's size. */
export class MaskSums {
  /** `[height, width]` each mask times its weight. */
  readonly weighted: Float64Array;
  /** `[height, width]` the masks alone. */
  readonly plain: Float64Array;
  readonly #size: InputSize;
  #enlarged = new Float32Array(0);

  constructor({ height, width }: InputSize) {
    this.#size = { height, width };
    this.weighted = new Float64Array(height * width);
    this.plain = new Float64Array(height * width);
  }

  add({ enlarged, corner, ...mask }: RandomMask, weight: number): void {
    const length = enlarged.height * enlarged.width;
    if (this.#enlarged.length !== length) this.#enlarged = new Float32Array(length);
    resizeBilinear(mask, enlarged, this.#enlarged);
    const { height, width } = this.#size;
    for (let y = 0; y < height; y++) {
      const from = (corner.top + y) * enlarged.width + corner.left;
      for (let x = 0; x < width; x++) {
        const px = y * width + x;
        const visible = this.#enlarged[from + x] ?? 0;
        this.weighted[px] = (this.weighted[px] ?? 0) + weight * visible;
        this.plain[px] = (this.plain[px] ?? 0) + visible;
      }
    }
  }
}
