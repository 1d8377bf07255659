/** The part of the picture around a cell of a layer. Pure. */
import type { DrawnStage } from "../../../shared/network.ts";

/** A square part of the input, in shares of its sides, 0 to 1. */
export interface CropBox {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Cells that a crop shows across, and its side as a share of the input's at least and at most. */
const CELLS = 3;
const LEAST_SIDE = 0.25;
const MOST_SIDE = 0.5;

/** A square around a cell, counted row by row, wholly inside the picture. */
export function boxOfCell(
  { height, width, extent }: Pick<DrawnStage, "height" | "width" | "extent">,
  cell: number,
): CropBox {
  const { top, left, height: tall, width: wide } = extent ?? { top: 0, left: 0, height: 1, width: 1 };
  const [row, column] = [Math.floor(cell / width), cell % width];
  const middle = { x: left + (column + 0.5) * wide / width, y: top + (row + 0.5) * tall / height };
  const side = Math.min(MOST_SIDE, Math.max(LEAST_SIDE, CELLS * Math.max(tall / height, wide / width)));
  const inside = (at: number) => Math.min(1 - side, Math.max(0, at - side / 2));
  return { left: inside(middle.x), top: inside(middle.y), side };
}
