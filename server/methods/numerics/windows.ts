/** Where occlusion's windows and cells lie, and which of them overlap. */
import type { MapExtent } from "../../../shared/map_extent.ts";
import type { InputWindow } from "../../engine/port.ts";

/** Neighbouring indexes, `first` to `end - 1`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** One direction of the picture. Windows of an axis rise with their index, so overlaps are spans. */
export interface Axis {
  /** Where windows start, in px: multiples of the stride, the last one clamped to the border. */
  readonly starts: readonly number[];
  /** True for windows of the coarse grid: disjoint ones, and the last one, which may overlap. */
  readonly coarse: readonly boolean[];
  readonly cells: number;
  readonly windowsOfCell: readonly Span[];
  readonly cellsOfWindow: readonly Span[];
  readonly windowsOfWindow: readonly Span[];
}

/** All windows of a picture; window `i` lies at row `⌊i / columns⌋` and column `i mod columns` of the grid. */
export interface WindowGrid {
  readonly window: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly count: number;
  /** Number of windows in the coarse grid, which touches every cell. */
  readonly coarseCount: number;
  /** Where the cells lie on the input: each centred where the windows that its value is the mean of are. */
  readonly extent: MapExtent;
}

/** Lengths in pixels. */
export interface WindowOptions {
  readonly window: number;
  readonly stride: number;
}

/** Lays windows over an input of `height`×`width` px; neither side is smaller than a window. */
export function layWindows(height: number, width: number, { window, stride }: WindowOptions): WindowGrid {
  const rows = layAxis(height, window, stride);
  const columns = layAxis(width, window, stride);
  const [down, across] = [height, width].map((size) => coverOf(size, window, stride)) as [Cover, Cover];
  const coarseOf = ({ coarse }: Axis) => coarse.filter((is) => is).length;
  return {
    window,
    rows,
    columns,
    count: rows.starts.length * columns.starts.length,
    coarseCount: coarseOf(rows) * coarseOf(columns),
    extent: { top: down.start, left: across.start, height: down.length, width: across.length },
  };
}

/** Row and column of a window in the grid of windows. */
export function placeOf({ columns }: WindowGrid, index: number): { row: number; column: number } {
  const row = Math.floor(index / columns.starts.length);
  return { row, column: index - row * columns.starts.length };
}

/** The pixels that a window hides. */
export function rectangleOf(grid: WindowGrid, index: number): InputWindow {
  const { row, column } = placeOf(grid, index);
  return {
    top: grid.rows.starts[row] ?? 0,
    left: grid.columns.starts[column] ?? 0,
    height: grid.window,
    width: grid.window,
  };
}

/** True where a window belongs to the coarse grid. */
export function isCoarse(grid: WindowGrid, index: number): boolean {
  const { row, column } = placeOf(grid, index);
  return grid.rows.coarse[row] === true && grid.columns.coarse[column] === true;
}

/** A part of an axis, as shares of it. */
interface Cover {
  readonly start: number;
  readonly length: number;
}

/**
 * Cells are a stride long, so the last one may end behind the input. A window that is no multiple of the stride reaches
 * into a cell before it covers that, so the windows over a cell have their middle before the cell's own.
 */
function coverOf(size: number, window: number, stride: number): Cover {
  const early = (Math.ceil(window / stride) * stride - window) / 2;
  return { start: (0 - early) / size, length: Math.ceil(size / stride) * stride / size };
}

function layAxis(size: number, window: number, stride: number): Axis {
  const starts: number[] = [];
  for (let start = 0; start < size - window; start += stride) starts.push(start);
  starts.push(size - window);
  let end = 0;
  const coarse = starts.map((start, index) => {
    const chosen = start >= end || index === starts.length - 1;
    if (chosen) end = start + window;
    return chosen;
  });
  const windows = starts.map((start) => ({ first: start, end: start + window }));
  const cells = Array.from({ length: Math.ceil(size / stride) }, (_, cell) => ({
    first: cell * stride,
    end: Math.min(size, (cell + 1) * stride),
  }));
  return {
    starts,
    coarse,
    cells: cells.length,
    windowsOfCell: cells.map((cell) => overlapping(windows, cell)),
    cellsOfWindow: windows.map((window) => overlapping(cells, window)),
    windowsOfWindow: windows.map((window) => overlapping(windows, window)),
  };
}

/** Indexes of the rising intervals that share a pixel with `wanted`. */
function overlapping(intervals: readonly Span[], wanted: Span): Span {
  const first = intervals.findIndex(({ end }) => end > wanted.first);
  const end = intervals.findLastIndex(({ first }) => first < wanted.end) + 1;
  return { first, end };
}
