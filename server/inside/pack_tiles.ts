/** Tiles as bytes, no finer than anybody sees them side by side. */
import { MAX_TILE_CELLS } from "../../shared/limits.ts";

/** Tiles of one size, `[count, height, width]`, 0…255. */
export interface Tiles {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  readonly values: Float32Array;
}

/** The same as bytes. */
export interface PackedTiles {
  readonly height: number;
  readonly width: number;
  /** `[count, height, width]` */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Rounds tiles to bytes; of those with more than `most` cells along a side squares of 2×2, 3×3 … cells are put together,
 * each as its mean.
 */
export function packTiles({ height, width, count, values }: Tiles, most = MAX_TILE_CELLS): PackedTiles {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / most));
  const packed = { height: Math.ceil(height / step), width: Math.ceil(width / step) };
  const bytes = new Uint8Array(count * packed.height * packed.width);
  let to = 0;
  for (let tile = 0; tile < count; tile++) {
    for (let top = 0; top < height; top += step) {
      const bottom = Math.min(height, top + step);
      for (let left = 0; left < width; left += step) {
        const right = Math.min(width, left + step);
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          const start = (tile * height + row) * width;
          for (let column = left; column < right; column++) sum += values[start + column] ?? 0;
        }
        bytes[to++] = Math.round(sum / ((bottom - top) * (right - left)));
      }
    }
  }
  return { ...packed, bytes };
}
