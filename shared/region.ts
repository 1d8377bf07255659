/** The region of a map that holds most of its evidence: as a box, as cells, and in words. Pure. */
import type * as v from "valibot";
import { WHOLE_INPUT } from "./map_extent.ts";
import type { BoxSchema, MapValues } from "./protocol.ts";
import type { Plane } from "./resize.ts";

/** Sides of a rectangle as shares of the input's sides, 0…1; `left` is below `right`, `top` below `bottom`. */
export type Box = Readonly<v.InferOutput<typeof BoxSchema>>;

/** A connected part of a map that is stronger than the rest. */
export interface Region {
  readonly box: Box;
  /** `[height, width]` of the map, 1 where a cell belongs to it. */
  readonly cells: Uint8Array<ArrayBuffer>;
  /** Share of the map's positive evidence that lies inside, 0…1. */
  readonly share: number;
}

/** Share of a map's scale above which a cell belongs to a region, as in torchcam's and pytorch-grad-cam's boxes. */
export const REGION_THRESHOLD = 0.15;

/** Cells along a side at most: finer maps are averaged first, as their single cells are grain rather than regions. */
const MOST_CELLS = 28;

/** Share of the picture beyond which a box singles out no place. */
const EVERYWHERE = 0.6;

/** Share of a side that a box has to cover to reach "from one side to the other". */
const FROM_SIDE_TO_SIDE = 0.8;

/** Values up to this are rounding, not evidence, in the map's unit. */
const NO_EVIDENCE = 1e-6;

/** How a map is looked at. */
export interface RegionOptions {
  /** Share of the map's scale, from 0 up to 1, that a cell has to exceed. */
  readonly threshold?: number;
  /** What zero means in the map: where it means nothing its scale begins at its smallest value. By default `nothing`. */
  readonly zero?: MapValues["zero"];
}

/**
 * The strongest region: of the cells above a share of the map's scale, the part connected by sides that holds the largest
 * sum. Only positive values are evidence, unknown cells (NaN) are none, and cells outside the input do not count.
 *
 * @returns null where the map has no evidence
 */
export function strongestRegion(
  map: Plane,
  { threshold = REGION_THRESHOLD, zero = "nothing" }: RegionOptions = {},
): Region | null {
  const evidence = evidenceOf(map, zero);
  const coarse = averaged(map, evidence);
  const most = coarse.values.reduce((a, b) => Math.max(a, b), 0);
  if (most <= NO_EVIDENCE) return null;
  const part = strongestPart(coarse, threshold * most);
  const cells = Uint8Array.from(evidence, (_, at) => {
    const row = Math.floor(Math.floor(at / map.width) / coarse.block);
    return part.has(row * coarse.width + Math.floor(at % map.width / coarse.block)) ? 1 : 0;
  });
  const inside = evidence.reduce((sum, value, at) => cells[at] === 1 ? sum + value : sum, 0);
  return { box: boxOf(map, cells), cells, share: inside / evidence.reduce((a, b) => a + b, 0) };
}

/** Shares of the scale that a region is looked for at, the first that is small enough counts. */
const POINTED_THRESHOLDS = [REGION_THRESHOLD, 0.3, 0.5, 0.7] as const;

/** Share of the picture up to which a region singles out a place. */
const POINTED_AREA = 1 / 3;

/**
 * The strongest region that a sentence can point at: that of the lowest of four thresholds (15, 30, 50 and 70 % of the scale)
 * at which it covers a third of the picture at most, else that of the last one.
 *
 * @returns null where the map has no evidence
 */
export function pointedRegion(map: Plane, zero: MapValues["zero"] = "nothing"): Region | null {
  let region: Region | null = null;
  for (const threshold of POINTED_THRESHOLDS) {
    region = strongestRegion(map, { threshold, zero });
    if (region === null || areaOfCells(map, region.cells) <= POINTED_AREA) return region;
  }
  return region;
}

/** Share of the input that cells of a map count for, 0…1. */
function areaOfCells(map: Omit<Plane, "values">, cells: Uint8Array): number {
  return cells.reduce((sum, cell, at) => cell === 1 ? sum + areaOf(map, at) : sum, 0);
}

/**
 * The cells that hold the largest positive values, as many as fit into a share of the input's area; of equal ones those
 * nearer to the top left come first.
 *
 * @param share 0…1
 * @returns `[height, width]`, 1 where a cell is one of them
 */
export function hottest(map: Plane, share: number): Uint8Array<ArrayBuffer> {
  const evidence = evidenceOf(map, "nothing");
  const cells = new Uint8Array(evidence.length);
  let left = share;
  for (const at of [...evidence.keys()].sort((a, b) => (evidence[b] ?? 0) - (evidence[a] ?? 0))) {
    left -= areaOf(map, at);
    if (left < -1e-9 || (evidence[at] ?? 0) <= NO_EVIDENCE) break;
    cells[at] = 1;
  }
  return cells;
}

/**
 * The cells of a map as a mask over an input of this size, by each pixel's centre.
 *
 * @returns `[height, width]` of the input, 1 where a pixel belongs to one of the cells
 */
export function pixelsOf(
  map: Omit<Plane, "values">,
  cells: Uint8Array,
  { height, width }: { readonly height: number; readonly width: number },
): Uint8Array<ArrayBuffer> {
  const { extent = WHOLE_INPUT } = map;
  const rows = nearestCells(height, map.height, extent.top, extent.height);
  const columns = nearestCells(width, map.width, extent.left, extent.width);
  const pixels = new Uint8Array(height * width);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      pixels[y * width + x] = cells[row * map.width + column] ?? 0;
    }
  }
  return pixels;
}

/** Where a box lies, in words: "upper left", "middle", "left side", "nearly everywhere" and so on. */
export function placeName({ left, top, right, bottom }: Box): string {
  const [width, height] = [right - left, bottom - top];
  if (width * height > EVERYWHERE) return "nearly everywhere";
  const across = third((left + right) / 2);
  const down = third((top + bottom) / 2);
  if (width >= FROM_SIDE_TO_SIDE) {
    return ["upper part", "middle, from side to side", "lower part"][down] ?? "";
  }
  if (height >= FROM_SIDE_TO_SIDE) {
    return ["left side", "middle, from top to bottom", "right side"][across] ?? "";
  }
  const names = [
    ["upper left", "upper middle", "upper right"],
    ["left", "middle", "right"],
    ["lower left", "lower middle", "lower right"],
  ];
  return names[down]?.[across] ?? "";
}

function third(share: number): number {
  return share < 1 / 3 ? 0 : share <= 2 / 3 ? 1 : 2;
}

/** What each cell says for the class: above 0 where it does, 0 where it does not, is unknown or lies outside the input. */
function evidenceOf(map: Plane, zero: MapValues["zero"]): Float64Array {
  const known = map.values.filter((value) => !Number.isNaN(value));
  const floor = zero === "nothing" ? 0 : known.reduce((a, b) => Math.min(a, b), Infinity);
  return Float64Array.from(
    map.values,
    (value, at) => value > floor && areaOf(map, at) > 0 ? value - floor : 0,
  );
}

interface Coarse {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
  /** Cells of the map along a side of one of these. */
  readonly block: number;
}

/** Means of square blocks of cells, at most {@link MOST_CELLS} along a side. */
function averaged({ height, width }: Plane, evidence: Float64Array): Coarse {
  const block = Math.ceil(Math.max(height, width) / MOST_CELLS);
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const sums = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  for (const [at, value] of evidence.entries()) {
    const row = Math.floor(Math.floor(at / width) / block);
    const to = row * columns + Math.floor(at % width / block);
    sums[to] = (sums[to] ?? 0) + value;
    counts[to] = (counts[to] ?? 0) + 1;
  }
  return { height: rows, width: columns, values: sums.map((sum, at) => sum / (counts[at] ?? 1)), block };
}

/** Of the parts that are connected by sides and lie above a value, the one with the largest sum; of equal ones the first. */
function strongestPart({ height, width, values }: Coarse, above: number): ReadonlySet<number> {
  const seen = new Set<number>();
  let strongest: { readonly part: ReadonlySet<number>; readonly sum: number } = { part: new Set(), sum: 0 };
  for (const [start, value] of values.entries()) {
    if (seen.has(start) || value <= above) continue;
    const part = new Set([start]);
    for (const at of part) {
      const column = at % width;
      const beside = [
        ...(column > 0 ? [at - 1] : []),
        ...(column < width - 1 ? [at + 1] : []),
        ...(at >= width ? [at - width] : []),
        ...(at < (height - 1) * width ? [at + width] : []),
      ];
      for (const next of beside) if ((values[next] ?? 0) > above) part.add(next);
    }
    let sum = 0;
    for (const at of part) {
      seen.add(at);
      sum += values[at] ?? 0;
    }
    if (sum > strongest.sum) strongest = { part, sum };
  }
  return strongest.part;
}

/** The box around cells; there is one at least. */
function boxOf(map: Plane, cells: Uint8Array): Box {
  let box: Box = { left: 1, top: 1, right: 0, bottom: 0 };
  for (const [at, cell] of cells.entries()) {
    if (cell === 0) continue;
    const { left, top, right, bottom } = cellBox(map, at);
    if (left >= right || top >= bottom) continue;
    box = {
      left: Math.min(box.left, left),
      top: Math.min(box.top, top),
      right: Math.max(box.right, right),
      bottom: Math.max(box.bottom, bottom),
    };
  }
  return box;
}

/** What of the input a cell counts for: cells at the ends reach to the input's sides where the extent does not. */
function cellBox({ height, width, extent = WHOLE_INPUT }: Omit<Plane, "values">, at: number): Box {
  const [left, right] = sides(at % width, width, extent.left, extent.width);
  const [top, bottom] = sides(Math.floor(at / width), height, extent.top, extent.height);
  return { left, top, right, bottom };
}

function sides(cell: number, cells: number, start: number, length: number): readonly [number, number] {
  const from = cell === 0 ? Math.min(0, start) : start + cell * length / cells;
  const to = cell === cells - 1 ? Math.max(1, start + length) : start + (cell + 1) * length / cells;
  return [Math.min(1, Math.max(0, from)), Math.min(1, Math.max(0, to))];
}

/** Share of the input that a cell counts for, 0…1. */
function areaOf(map: Omit<Plane, "values">, at: number): number {
  const { left, top, right, bottom } = cellBox(map, at);
  return (right - left) * (bottom - top);
}

/** For each pixel of an axis the cell that counts there. */
function nearestCells(pixels: number, cells: number, start: number, length: number): readonly number[] {
  return Array.from({ length: pixels }, (_, pixel) => {
    const cell = Math.floor(((pixel + 0.5) / pixels - start) * cells / length);
    return Math.min(cells - 1, Math.max(0, cell));
  });
}
