/** Where to look first: what a frame's own row says of each window before any is hidden. */
import type { ClassMap } from "../rows/frame_row.ts";
import type { InputSize } from "../rows/input_size.ts";
import { rectangleOf, type WindowGrid } from "../numerics/windows.ts";

/**
 * How much each window promises, `[windows]`: the mean of the class's projection under it, in the
 * projection's units; without a projection the windows nearest to the centre promise most.
 */
export function evidenceOf(grid: WindowGrid, input: InputSize, map: ClassMap | null): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, index) => {
    const { top, left } = rectangleOf(grid, index);
    if (map === null) {
      const half = grid.window / 2;
      return -Math.hypot(top + half - input.height / 2, left + half - input.width / 2);
    }
    return meanUnder(map, {
      top: top * map.height / input.height,
      bottom: (top + grid.window) * map.height / input.height,
      left: left * map.width / input.width,
      right: (left + grid.window) * map.width / input.width,
    });
  });
}

/** Mean of a map over a rectangle given in cells and parts of cells. */
function meanUnder(
  { height, width, values }: ClassMap,
  { top, bottom, left, right }: { top: number; bottom: number; left: number; right: number },
): number {
  let sum = 0;
  for (let row = Math.floor(top); row < Math.min(height, bottom); row++) {
    const rowShare = Math.min(row + 1, bottom) - Math.max(row, top);
    for (let column = Math.floor(left); column < Math.min(width, right); column++) {
      const columnShare = Math.min(column + 1, right) - Math.max(column, left);
      sum += rowShare * columnShare * (values[row * width + column] ?? 0);
    }
  }
  return sum / ((bottom - top) * (right - left));
}
