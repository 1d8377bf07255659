/** Means over rectangles of the grid of windows, each in constant time. */
import type { Span, WindowGrid } from "../numerics/windows.ts";

/** Sums and counts of the drops that were measured, as summed-area tables. */
export interface DropMeans {
  /** Mean drop of the measured windows in a rectangle of the grid, or null where none was measured. */
  over(rows: Span, columns: Span): number | null;
}

/**
 * Tabulates `drops`, `[windows]` in logit units, NaN where nothing was measured. The order of summation is
 * that of the windows, so the means do not depend on which window was measured first.
 */
export function tabulate(grid: WindowGrid, drops: Float64Array): DropMeans {
  const width = grid.columns.starts.length;
  const stride = width + 1;
  const sums = new Float64Array((grid.rows.starts.length + 1) * stride);
  const counts = new Float64Array(sums.length);
  for (let row = 0; row < grid.rows.starts.length; row++) {
    let sum = 0;
    let count = 0;
    for (let column = 0; column < width; column++) {
      const drop = drops[row * width + column] ?? NaN;
      if (!Number.isNaN(drop)) {
        sum += drop;
        count++;
      }
      const at = (row + 1) * stride + column + 1;
      sums[at] = (sums[at - stride] ?? 0) + sum;
      counts[at] = (counts[at - stride] ?? 0) + count;
    }
  }
  return {
    over(rows, columns) {
      const corners = [
        rows.end * stride + columns.end,
        rows.first * stride + columns.end,
        rows.end * stride + columns.first,
        rows.first * stride + columns.first,
      ] as const;
      const count = rectangle(counts, corners);
      return count === 0 ? null : rectangle(sums, corners) / count;
    },
  };
}

/** Mean drop of each cell in a rectangle of cells, `[rows, columns]`; NaN where nothing was measured. */
export function cellMeans(grid: WindowGrid, means: DropMeans, rows: Span, columns: Span): Float32Array {
  const width = columns.end - columns.first;
  const values = new Float32Array((rows.end - rows.first) * width);
  for (const [index] of values.entries()) {
    const row = grid.rows.windowsOfCell[rows.first + Math.floor(index / width)];
    const column = grid.columns.windowsOfCell[columns.first + index % width];
    if (row !== undefined && column !== undefined) values[index] = means.over(row, column) ?? NaN;
  }
  return values;
}

function rectangle(
  table: Float64Array,
  [bottomRight, topRight, bottomLeft, topLeft]: readonly [number, number, number, number],
): number {
  return (table[bottomRight] ?? 0) - (table[topRight] ?? 0) - (table[bottomLeft] ?? 0) +
    (table[topLeft] ?? 0);
}
