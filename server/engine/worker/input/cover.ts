/** What the network sees in place of the covered cells of a frame (rule U2). */
import {
  cellStarts,
  type Cover,
  COVER_SIDE,
  coveredCells,
  nearestVisible,
} from "../../../../shared/cover.ts";
import { type BilinearAxis, bilinearAxis } from "../../../../shared/resize.ts";
import { type InputSize, RGB } from "./frame.ts";

/** Parts along each side of the picture whose means are what is left of it out of focus. */
export const BLUR_PARTS = 8;

/** A part of a small picture is this long at least, in pixels. */
const LEAST_PART_PX = 4;

/** What a cover is painted with. */
export interface CoverPaint {
  /** `[height, width, 3]`, the frame as it is. */
  readonly pixels: Float32Array;
  readonly size: InputSize;
  /** `[height, width, 3]`, all black. */
  readonly black: Float32Array;
}

/** A frame under a cover, `[height, width, 3]`. */
export function coverPixels(paint: CoverPaint, cover: Cover): Float32Array<ArrayBuffer> {
  const { pixels, size } = paint;
  const cells = coveredCells(cover);
  const covered = Float32Array.from(pixels);
  switch (cover.fill) {
    case "grey":
      eachRun(cells, size, (first, end) => covered.fill(0, first, end));
      return covered;
    case "black":
      eachRun(cells, size, (first, end) => covered.set(paint.black.subarray(first, end), first));
      return covered;
    case "blur": {
      const blurred = outOfFocus(pixels, size);
      eachRun(cells, size, (first, end) => covered.set(blurred.subarray(first, end), first));
      return covered;
    }
    case "neighbour":
      fillFromNeighbours(covered, pixels, { cells, size });
      return covered;
    default:
      return cover.fill satisfies never;
  }
}

/** Calls `fill` with the first value and the end of every covered run of a line. */
function eachRun(
  cells: Uint8Array,
  { height, width }: InputSize,
  fill: (first: number, end: number) => void,
): void {
  const rows = cellStarts(height);
  const columns = cellStarts(width);
  for (let row = 0; row < COVER_SIDE; row++) {
    for (let column = 0; column < COVER_SIDE; column++) {
      if (cells[row * COVER_SIDE + column] !== 1) continue;
      for (let y = rows[row] as number; y < (rows[row + 1] as number); y++) {
        const line = y * width;
        fill(RGB * (line + (columns[column] as number)), RGB * (line + (columns[column + 1] as number)));
      }
    }
  }
}

/** The means of 8×8 parts of the picture, fewer of a small one, enlarged bilinearly. */
function outOfFocus(pixels: Float32Array, { height, width }: InputSize): Float32Array {
  const [rows, columns] = [partsOf(height), partsOf(width)];
  const means = partMeans(pixels, { height, width }, { rows, columns });
  return enlarge(means, { down: bilinearAxis(rows, height), across: bilinearAxis(columns, width), columns });
}

function partsOf(length: number): number {
  return Math.max(1, Math.min(BLUR_PARTS, Math.floor(length / LEAST_PART_PX)));
}

function partMeans(
  pixels: Float32Array,
  { height, width }: InputSize,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Float32Array {
  const sums = new Float64Array(RGB * rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y * rows / height) * columns;
    for (let x = 0; x < width; x++) {
      const part = row + Math.floor(x * columns / width);
      counts[part] = (counts[part] as number) + 1;
      for (let channel = 0; channel < RGB; channel++) {
        const at = RGB * part + channel;
        sums[at] = (sums[at] as number) + (pixels[RGB * (y * width + x) + channel] as number);
      }
    }
  }
  return Float32Array.from(sums, (sum, at) => sum / (counts[Math.floor(at / RGB)] as number));
}

function enlarge(
  small: Float32Array,
  { down, across, columns }: {
    readonly down: BilinearAxis;
    readonly across: BilinearAxis;
    readonly columns: number;
  },
): Float32Array {
  const [height, width] = [down.share.length, across.share.length];
  const large = new Float32Array(RGB * height * width);
  const line = new Float64Array(RGB * columns);
  for (let y = 0; y < height; y++) {
    const [above, below] = [down.lower[y] as number, down.upper[y] as number];
    for (let i = 0; i < line.length; i++) {
      const from = small[above * line.length + i] as number;
      line[i] = from + (down.share[y] as number) * ((small[below * line.length + i] as number) - from);
    }
    for (let x = 0; x < width; x++) {
      const [left, right] = [RGB * (across.lower[x] as number), RGB * (across.upper[x] as number)];
      for (let channel = 0; channel < RGB; channel++) {
        const from = line[left + channel] as number;
        large[RGB * (y * width + x) + channel] = from +
          (across.share[x] as number) * ((line[right + channel] as number) - from);
      }
    }
  }
  return large;
}

/**
 * Puts the nearest visible cell into each covered one, turned round across and down as often as it is cells away, so that
 * the texture continues over the edge; grey where nothing is visible.
 */
function fillFromNeighbours(
  covered: Float32Array,
  pixels: Float32Array,
  { cells, size: { height, width } }: { readonly cells: Uint8Array; readonly size: InputSize },
): void {
  const rows = cellStarts(height);
  const columns = cellStarts(width);
  const isThere = (starts: Int32Array, cell: number) =>
    (starts[cell + 1] as number) > (starts[cell] as number);
  const nearest = nearestVisible(cells, (row, column) => isThere(rows, row) && isThere(columns, column));
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] !== 1) continue;
    const from = nearest[cell] as number;
    const [row, column] = [Math.floor(cell / COVER_SIDE), cell % COVER_SIDE];
    const down = mirrored(rows, row, Math.floor(from / COVER_SIDE));
    const across = mirrored(columns, column, from % COVER_SIDE);
    for (let y = rows[row] as number; y < (rows[row + 1] as number); y++) {
      for (let x = columns[column] as number; x < (columns[column + 1] as number); x++) {
        const to = RGB * (y * width + x);
        const source = RGB * (down(y) * width + across(x));
        for (let channel = 0; channel < RGB; channel++) {
          covered[to + channel] = from < 0 ? 0 : pixels[source + channel] as number;
        }
      }
    }
  }
}

/** Where along a side the pixel of one cell is taken from in another one, which may be a pixel shorter. */
function mirrored(starts: Int32Array, cell: number, from: number): (pixel: number) => number {
  const first = starts[from] ?? 0;
  const last = Math.max(first, (starts[from + 1] ?? 0) - 1);
  const turns = (cell - from) % 2 !== 0;
  return (pixel) => {
    const step = Math.min(pixel - (starts[cell] as number), last - first);
    return turns ? last - step : first + step;
  };
}
