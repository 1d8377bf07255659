/** A raw map as small as thumbnails and sidecars need it. */
import * as v from "valibot";

/** Cells along a side at most. */
export const SMALL_SIDE = 28;

/** What a byte reaches. */
export const SMALL_MOST = 127;

/** A map whose values are shares of its largest magnitude, −127…127. */
export interface SmallMap {
  readonly height: number;
  readonly width: number;
  /** The magnitude that 127 stands for, in the map's own unit. */
  readonly scale: number;
  readonly values: Int8Array<ArrayBuffer>;
}

const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SMALL_SIDE));

/** The same in JSON: the bytes as base64. */
export const SmallMapSchema = v.pipe(
  v.object({
    height: Side,
    width: Side,
    scale: v.pipe(v.number(), v.finite(), v.minValue(0)),
    values: v.pipe(v.string(), v.base64(), v.maxLength(2 * SMALL_SIDE ** 2)),
  }),
  v.check(
    ({ height, width, values }) => atob(values).length === height * width,
    "as many values as the map has cells",
  ),
);
export type SmallMapJson = v.InferOutput<typeof SmallMapSchema>;

/** Means of square blocks of cells, as shares of the largest magnitude among them; a cell that is unknown counts as 0. */
export function smallMap(
  { height, width, values }: {
    readonly height: number;
    readonly width: number;
    readonly values: Float32Array;
  },
): SmallMap {
  const block = Math.ceil(Math.max(height, width) / SMALL_SIDE);
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const means = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, count] = [0, 0];
      for (let y = row * block; y < Math.min(height, (row + 1) * block); y++) {
        for (let x = column * block; x < Math.min(width, (column + 1) * block); x++) {
          const value = values[y * width + x] as number;
          if (!Number.isNaN(value)) sum += value;
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
    values: Int8Array.from(means, (mean) => scale === 0 ? 0 : Math.round(SMALL_MOST * mean / scale)),
  };
}

/** Writes a map for JSON. */
export function smallMapJson({ height, width, scale, values }: SmallMap): SmallMapJson {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
  return { height, width, scale, values: btoa(String.fromCharCode(...bytes)) };
}

/** Reads a map that fits the schema, in its own unit. */
export function largeMap({ height, width, scale, values }: SmallMapJson): {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array<ArrayBuffer>;
} {
  const bytes = Int8Array.from(atob(values), (char) => char.charCodeAt(0));
  return { height, width, values: Float32Array.from(bytes, (byte) => byte * scale / SMALL_MOST) };
}
