/** Masks that a seed decides, as RISE draws them. */
import { resizeBilinear } from "../../../shared/resize.ts";
import type { Mask } from "../../engine/port.ts";
import { uniform } from "../../engine/worker/input/noise.ts";
import type { InputSize } from "../rows/input_size.ts";

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
 * ⌈side/grid⌉ pixels, the input's place in it moved by up to a cell. Numbers of the seed are used in this order: the cells
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

/** Along each side every so many pixels count for the error: masks are smooth, so that their neighbours say the same. */
const ERROR_STRIDE = 4;

/** Sums of masks at the input's size. */
export class MaskSums {
  /** `[height, width]` each mask times its weight. */
  readonly weighted: Float64Array;
  /** `[height, width]` the masks alone. */
  readonly plain: Float64Array;
  readonly #size: InputSize;
  readonly #squares: MaskSquares;
  #count = 0;
  /** Sums over the masks of their means, alone and times their weights. */
  #means = 0;
  #weightedMeans = 0;
  #enlarged = new Float32Array(0);
  /** What a mask leaves visible at the positions that count for the error. */
  readonly #visible: Float32Array;

  constructor({ height, width }: InputSize) {
    this.#size = { height, width };
    this.weighted = new Float64Array(height * width);
    this.plain = new Float64Array(height * width);
    const positions = Math.ceil(height / ERROR_STRIDE) * Math.ceil(width / ERROR_STRIDE);
    this.#squares = new MaskSquares(positions);
    this.#visible = new Float32Array(positions);
  }

  /**
   * Root mean square over the pixels of the standard error of the mean of (weight − common)·(mask − the mask's mean), or null
   * of fewer than two masks: by how much each pixel may be off against the others. What they have in common is no part of it.
   */
  standardError(common: number): number | null {
    const count = this.#count;
    if (count < 2) return null;
    const { height, width } = this.#size;
    const shared = this.#weightedMeans - common * this.#means;
    let sum = 0;
    let place = 0;
    for (let y = 0; y < height; y += ERROR_STRIDE) {
      for (let x = 0; x < width; x += ERROR_STRIDE) {
        const px = y * width + x;
        const total = (this.weighted[px] ?? 0) - common * (this.plain[px] ?? 0) - shared;
        // Rounding may leave a little less than nothing.
        sum += Math.max(0, this.#squares.at(place++, common) - total ** 2 / count);
      }
    }
    return Math.sqrt(sum / place / (count - 1) / count);
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
    this.#addSquares(weight, corner.top * enlarged.width + corner.left, enlarged.width);
  }

  /** Loops, as this is done for thousands of masks; the mask's visible part begins at `from` in rows of `stride`. */
  #addSquares(weight: number, from: number, stride: number): void {
    const { height, width } = this.#size;
    const visible = this.#visible;
    let sum = 0;
    let positions = 0;
    for (let y = 0; y < height; y += ERROR_STRIDE) {
      for (let x = 0; x < width; x += ERROR_STRIDE) {
        const value = this.#enlarged[from + y * stride + x] ?? 0;
        visible[positions++] = value;
        sum += value;
      }
    }
    const mean = sum / positions;
    this.#count++;
    this.#means += mean;
    this.#weightedMeans += weight * mean;
    for (let place = 0; place < positions; place++) {
      this.#squares.add(place, (visible[place] ?? 0) - mean, weight);
    }
  }
}

/** Sums of the squares of (weight − common)·factor, whatever `common` will be. */
class MaskSquares {
  readonly #plain: Float64Array;
  readonly #once: Float64Array;
  readonly #twice: Float64Array;

  constructor(positions: number) {
    this.#plain = new Float64Array(positions);
    this.#once = new Float64Array(positions);
    this.#twice = new Float64Array(positions);
  }

  add(place: number, factor: number, weight: number): void {
    const square = factor * factor;
    this.#plain[place] = (this.#plain[place] ?? 0) + square;
    this.#once[place] = (this.#once[place] ?? 0) + weight * square;
    this.#twice[place] = (this.#twice[place] ?? 0) + weight * weight * square;
  }

  at(place: number, common: number): number {
    return (this.#twice[place] ?? 0) - 2 * common * (this.#once[place] ?? 0) +
      common ** 2 * (this.#plain[place] ?? 0);
  }
}
