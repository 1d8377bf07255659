/** A raw map as small as thumbnails and sidecars need it. */
import * as v from "valibot";
import { extentProperty, type MapExtent, MapExtentSchema, WHOLE_INPUT } from "./map_extent.ts";
import type { Plane } from "./resize.ts";

/** Cells along a side at most. */
export const SMALL_SIDE = 28;

/** What a byte reaches. */
export const SMALL_MOST = 127;

/** The byte of a cell whose value is not known. */
export const SMALL_UNKNOWN = -128;

/**
 * A map whose values are shares, −127…127, of how far it goes from its base, or −128 where nothing is known. The base is 0,
 * except where all numbers lie further above zero than they differ: 127 steps from zero would leave such a map few shades.
 */
export interface SmallMap {
  readonly height: number;
  readonly width: number;
  /** Where the cells lie on the input; absent: they tile it. */
  readonly extent?: MapExtent;
  /** What 0 stands for, in the map's own unit; absent: 0. */
  readonly base?: number;
  /** How far from the base 127 lies, in the map's own unit. */
  readonly scale: number;
  readonly values: Int8Array<ArrayBuffer>;
}

const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SMALL_SIDE));

/** The same in JSON: the bytes as base64. */
export const SmallMapSchema = v.pipe(
  v.object({
    height: Side,
    width: Side,
    extent: v.exactOptional(MapExtentSchema),
    base: v.exactOptional(v.pipe(v.number(), v.finite())),
    scale: v.pipe(v.number(), v.finite(), v.minValue(0)),
    values: v.pipe(v.string(), v.base64(), v.maxLength(2 * SMALL_SIDE ** 2)),
  }),
  v.check(
    ({ height, width, values }) => atob(values).length === height * width,
    "as many values as the map has cells",
  ),
);
export type SmallMapJson = v.InferOutput<typeof SmallMapSchema>;

/** Means of square blocks of cells, as shares of how far they go from the base; unknown cells (NaN) are left out. */
export function smallMap({ height, width, values, extent }: Plane): SmallMap {
  const block = Math.ceil(Math.max(height, width) / SMALL_SIDE);
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const means = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, count] = [0, 0];
      for (let y = row * block; y < Math.min(height, (row + 1) * block); y++) {
        for (let x = column * block; x < Math.min(width, (column + 1) * block); x++) {
          const value = values[y * width + x] as number;
          if (Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
      }
      means[row * columns + column] = count === 0 ? NaN : sum / count;
    }
  }
  const known = means.filter((mean) => !Number.isNaN(mean));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const base = most > least && least > most - least ? (least + most) / 2 : 0;
  const scale = known.reduce((furthest, mean) => Math.max(furthest, Math.abs(mean - base)), 0);
  return {
    height: rows,
    width: columns,
    ...extentProperty(blocked(extent ?? WHOLE_INPUT, rows * block / height, columns * block / width)),
    ...(base === 0 ? {} : { base }),
    scale,
    values: Int8Array.from(means, (mean) => byteOf(mean - base, scale)),
  };
}

/** Blocks that do not divide the map hang over its end. */
function blocked(
  { top, left, height, width }: MapExtent,
  down: number,
  across: number,
): MapExtent {
  return { top, left, height: height * down, width: width * across };
}

function byteOf(distance: number, scale: number): number {
  if (Number.isNaN(distance)) return SMALL_UNKNOWN;
  return scale === 0 ? 0 : Math.round(SMALL_MOST * distance / scale);
}

/** Writes a map for JSON. */
export function smallMapJson({ height, width, extent, base, scale, values }: SmallMap): SmallMapJson {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
  return {
    height,
    width,
    ...extentProperty(extent),
    ...(base === undefined ? {} : { base }),
    scale,
    values: btoa(String.fromCharCode(...bytes)),
  };
}

/** Reads a map that fits the schema, in its own unit; NaN where nothing is known. */
export function largeMap({ height, width, extent, base = 0, scale, values }: SmallMapJson): Plane & {
  readonly values: Float32Array<ArrayBuffer>;
} {
  const bytes = Int8Array.from(atob(values), (char) => char.charCodeAt(0));
  return {
    height,
    width,
    ...extentProperty(extent),
    values: Float32Array.from(
      bytes,
      (byte) => byte === SMALL_UNKNOWN ? NaN : base + byte * scale / SMALL_MOST,
    ),
  };
}
