/** A raw map as small as a thumbnail needs it. */
import type { LoggedMap } from "../store/mod.ts";

/** Cells along a side at most. */
const MAX_SIDE = 28;

/** What a byte reaches. */
const MOST = 127;

/** Means of square blocks of cells, as shares of the largest magnitude among them. */
export function logMap(
  { height, width, values }: {
    readonly height: number;
    readonly width: number;
    readonly values: Float32Array;
  },
): LoggedMap {
  const block = Math.ceil(Math.max(height, width) / MAX_SIDE);
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const means = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, count] = [0, 0];
      for (let y = row * block; y < Math.min(height, (row + 1) * block); y++) {
        for (let x = column * block; x < Math.min(width, (column + 1) * block); x++) {
          sum += values[y * width + x] as number;
          count++;
        }
      }
      means[row * columns + column] = sum / count;
    }
  }
  const scale = means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0);
  return {
    height: rows,
    width: columns,
    scale,
    values: Int8Array.from(means, (mean) => scale === 0 ? 0 : Math.round(MOST * mean / scale)),
  };
}
